"""The API's functions, on the same path as the page.

Those that take a clip are generators: Gradio stops a job that was cancelled, or whose client is gone, where it yields;
a plain function would go on to its end with nobody waiting, beside the next job. What they yield last is the answer,
which is all that `predict` shows; what comes before tells how far the job is: stage, done and total.
"""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import partial, wraps
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder, is_in_or_equal

from explorer import limits
from explorer.api import arguments
from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.exports.report_json import SCHEMA_VERSION, as_json
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.heatmaps.overlay import EVIDENCE, LAYERS, METHODS
from explorer.images import data_uri
from explorer.inference.runners import open_runner
from explorer.pages.components.heatmap_grid import overlays
from explorer.pages.components.results import COLUMNS
from explorer.pipeline import analyse
from explorer.selection import evenly_spaced
from explorer.structures import Progress, Report
from model_zoo.errors import ZooError
from model_zoo.manifest import read_manifest
from model_zoo.variants import VARIANTS
from model_zoo.zoo import Zoo


def job(function: Callable[..., Iterator[dict]]) -> Callable[..., Iterator[dict]]:
    """A method that ends in time, and whose errors, where they are our own, reach the client as one sentence."""

    @wraps(function)
    def run(*args: object, **kwargs: object) -> Iterator[dict]:
        try:
            yield from with_deadline(function(*args, **kwargs))
            return
        except (ExplorerError, ZooError) as error:
            sentence = str(error)
        # Out here, with nothing of the job tied to it, because Gradio keeps what it catches for a while.
        raise gr.Error(sentence, print_exception=False)

    return run


@dataclass(frozen=True)
class Api:
    """The API over one zoo; Gradio publishes the methods."""

    zoo: Zoo

    @job
    def analyze(
        self,
        clip: gr.FileData,
        variants: list[str] | None = None,
        frames: int = limits.DEFAULT_FRAMES,
        finder: str = DEFAULT_FINDER,
        engine: str = "auto",
    ) -> Iterator[dict]:
        """Judge the faces of a video clip with several deepfake detectors side by side.

        Args:
            clip: the video file.
            variants: names from /variants; all of them by default.
            frames: how many frames are sampled evenly over the clip.
            finder: "mtcnn-tracked" (quickest), "mtcnn" (every frame anew) or "haar".
            engine: "auto" (the fastest installed), "openvino", "onnxruntime" or "torch".

        Returns:
            The report, schema_version 1: clip, cpu, stages_ms, variants (verdict, p_fake, cost, frames) and errors.
            p_fake is between 0 (real) and 1 (fake), and null where the verdict is "no face".
        """
        report, _ = yield from self._analysed(clip, variants, frames, finder, engine)
        yield as_json(report, self.zoo)

    @job
    def heatmaps(
        self,
        clip: gr.FileData,
        variants: list[str] | None = None,
        frames: int = COLUMNS,
        finder: str = DEFAULT_FINDER,
        method: str = EVIDENCE,
        layer: str = "pooled",
    ) -> Iterator[dict]:
        """Show where each detector looks in the faces of a video clip.

        Args:
            clip: the video file.
            variants: names from /variants; all of them by default.
            frames: how many frames are sampled evenly over the clip.
            finder: "mtcnn-tracked" (quickest), "mtcnn" (every frame anew) or "haar".
            method: "evidence" (class activation map: red speaks for fake, blue for real), or "gradcam", "gradcam++",
                "layercam" or "eigencam" of pytorch-grad-cam (brighter weighed more; not for int8 variants).
            layer: for pytorch-grad-cam's methods, "pooled" or "blocks.2" to "blocks.6".

        Returns:
            schema_version 1, clip, method, layer, errors, and heatmaps: for up to 8 faces spread over the clip and each
            variant its name, time_s, person, p_fake and image, a 224 px PNG as a data URI.
        """
        arguments.one_of(method, (EVIDENCE, *METHODS), "heatmap method")
        arguments.one_of(layer, LAYERS, "layer")
        report, runners = yield from self._analysed(clip, variants, frames, finder, "auto")
        shown, rows = evenly_spaced(report, COLUMNS), []
        for done, row in enumerate(report.variants):
            yield asdict(Progress(f"heatmaps of {row.name}", done, len(report.variants)))
            images = overlays(report, row, shown, runners, method, layer)
            rows += [
                {
                    "variant": row.name,
                    "time_s": round(report.faces[i].time_s, 4),
                    "person": report.faces[i].person,
                    "p_fake": round(float(row.frame_p_fake[i]), 6),
                    "image": data_uri(image, "png"),
                }
                for i, image in zip(shown, images, strict=True)
            ]
        errors = [{"variant": error.variant, "message": error.message} for error in report.errors]
        settings = {"clip": report.clip.name, "method": method, "layer": layer}
        yield {"schema_version": SCHEMA_VERSION} | settings | {"heatmaps": rows, "errors": errors}

    def variants(self) -> list[dict]:
        """The zoo: how each variant was made small, its size, sha256, threshold and metrics by split."""
        keys = ("name", "architecture", "input_size", "params", "macs", "bytes", "sha256", "threshold", "metrics")
        declared = ("title", "teacher", "alpha", "pruning", "precision")
        try:
            rows = read_manifest(self.zoo.release).variants.values()
        except ZooError as error:
            raise gr.Error(str(error), print_exception=False) from None
        return [
            {key: getattr(VARIANTS[row.name], key) for key in declared} | {key: getattr(row, key) for key in keys}
            for row in rows
            if row.name in VARIANTS
        ]

    def _analysed(self, clip, variants, frames, finder, engine) -> Generator[dict, None, tuple[Report, dict]]:
        """How far it is; returns the report and what opened its variants."""
        path, frames, engine = path_of(clip), arguments.whole(frames), arguments.name(engine, "engine")
        find_faces = finder_named(arguments.name(finder, "finder"))
        names = arguments.variant_names(variants) or read_manifest(self.zoo.release).variants
        runners = {name: partial(open_runner, name, engine, self.zoo.release) for name in names}
        report = yield from steps(analyse(path, runners, find_faces, frames=frames))
        return report, runners


def steps(events: Generator) -> Generator[dict, None, object]:
    """The Progress among a job's events, as dicts; returns the job's last event, and closes the job when closed."""
    with closing(events):
        for event in events:
            if isinstance(event, Progress):
                yield asdict(event)
        return event


def path_of(clip: dict | None) -> Path:
    """The uploaded file that a client names. Raises InvalidRequest for anything else."""
    if not isinstance(clip, dict) or not isinstance(clip.get("path"), str) or not clip["path"]:
        raise InvalidRequest('clip takes a file: handle_file("clip.mp4") in the Gradio client')
    if not is_in_or_equal(clip["path"], get_upload_folder()):  # gr.api checks only what is marked as a file
        raise InvalidRequest("clip takes an uploaded file, not a path on the server")
    return Path(clip["path"])
