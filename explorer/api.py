"""The API's functions, on the same path as the page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder, is_in_or_equal

from explorer import limits
from explorer.errors import ExplorerError, UnknownOption
from explorer.faces import DEFAULT_FINDER, finder_named
from explorer.heatmaps import EVIDENCE
from explorer.pages.heatmap_grid import overlays
from explorer.pages.results import COLUMNS
from explorer.pipeline import analyse
from explorer.report import SCHEMA_VERSION, as_json
from explorer.runners import open_runner
from explorer.selection import spread
from explorer.structures import Report
from explorer.thumbnails import data_uri
from model_zoo.errors import ZooError
from model_zoo.manifest import read_manifest
from model_zoo.variants import VARIANTS
from model_zoo.zoo import Zoo


@dataclass(frozen=True)
class Api:
    """The API over one zoo; Gradio publishes the methods."""

    zoo: Zoo

    def analyze(
        self,
        clip: gr.FileData,
        variants: list[str] | None = None,
        frames: int = limits.DEFAULT_FRAMES,
        finder: str = DEFAULT_FINDER,
        engine: str = "auto",
    ) -> dict:
        """Judge the faces of a video clip with several deepfake detectors side by side.

        Args:
            clip: the video file.
            variants: names from /variants; all of them by default.
            frames: how many frames are sampled evenly over the clip.
            finder: "mtcnn" or "haar".
            engine: "auto" (the fastest installed), "openvino", "onnxruntime" or "torch".

        Returns:
            The report, schema_version 1: clip, cpu, stages_ms, variants (verdict, p_fake, cost, frames) and errors.
            p_fake is between 0 (real) and 1 (fake), and null where the verdict is "no face".
        """
        report, _ = self._analysed(clip, variants, frames, finder, engine)
        return as_json(report, self.zoo)

    def heatmaps(
        self,
        clip: gr.FileData,
        variants: list[str] | None = None,
        frames: int = COLUMNS,
        finder: str = DEFAULT_FINDER,
        method: str = EVIDENCE,
        layer: str = "pooled",
    ) -> dict:
        """Show where each detector looks in the faces of a video clip.

        Args:
            clip: the video file.
            variants: names from /variants; all of them by default.
            frames: how many frames are sampled evenly over the clip.
            finder: "mtcnn" or "haar".
            method: "evidence" (class activation map: red speaks for fake, blue for real), or "gradcam", "gradcam++",
                "layercam" or "eigencam" of pytorch-grad-cam (brighter weighed more; not for int8 variants).
            layer: for pytorch-grad-cam's methods, "pooled" or "blocks.2" to "blocks.6".

        Returns:
            schema_version 1, clip, method, layer, errors, and heatmaps: for up to 8 faces spread over the clip and each
            variant its name, time_s, person, p_fake and image, a 224 px PNG as a data URI.
        """
        report, runners = self._analysed(clip, variants, frames, finder, "auto")
        shown = spread(report, COLUMNS)
        with told():
            seen = [(row, overlays(report, row, shown, runners, method, layer)) for row in report.variants]
        rows = [
            {
                "variant": row.name,
                "time_s": round(report.faces[i].time_s, 4),
                "person": report.faces[i].person,
                "p_fake": round(float(row.frame_p_fake[i]), 6),
                "image": data_uri(image, "png"),
            }
            for row, images in seen
            for i, image in zip(shown, images, strict=True)
        ]
        errors = [{"variant": error.variant, "message": error.message} for error in report.errors]
        settings = {"clip": report.clip.name, "method": method, "layer": layer}
        return {"schema_version": SCHEMA_VERSION} | settings | {"heatmaps": rows, "errors": errors}

    def variants(self) -> list[dict]:
        """The zoo: how each variant was made small, its size, sha256, threshold and metrics by split."""
        keys = ("name", "architecture", "input_size", "params", "macs", "bytes", "sha256", "threshold", "metrics")
        declared = ("title", "teacher", "alpha", "pruning", "precision")
        return [
            {key: getattr(VARIANTS[row.name], key) for key in declared} | {key: getattr(row, key) for key in keys}
            for row in read_manifest(self.zoo.release).variants.values()
            if row.name in VARIANTS
        ]

    def _analysed(self, clip, variants, frames, finder, engine) -> tuple[Report, dict]:
        """The report of a clip and what opened its variants. Raises gr.Error, in one sentence."""
        with told():
            path = path_of(clip)
            if isinstance(variants, str) or (variants is not None and not variants):
                raise UnknownOption('variants takes a list of names such as ["b0", "lite0"]; leave it out for all')
            names = variants or read_manifest(self.zoo.release).variants
            runners = {name: partial(open_runner, name, engine, self.zoo.release) for name in names}
            *_, report = analyse(path, runners, finder_named(finder), frames=int(frames))
            return report, runners


@contextmanager
def told() -> Iterator[None]:
    """Our own errors reach the client as one sentence, without a traceback."""
    try:
        yield
    except (ExplorerError, ZooError) as error:
        raise gr.Error(str(error), print_exception=False) from None


def path_of(clip: dict | None) -> Path:
    """The uploaded file that a client names. Raises UnknownOption for anything else."""
    if not isinstance(clip, dict) or not clip.get("path"):
        raise UnknownOption('clip takes a file: handle_file("clip.mp4") in the Gradio client')
    if not is_in_or_equal(clip["path"], get_upload_folder()):  # gr.api checks only what is marked as a file
        raise UnknownOption("clip takes an uploaded file, not a path on the server")
    return Path(clip["path"])
