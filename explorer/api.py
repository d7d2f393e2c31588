"""The API's functions, on the same path as the page."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.utils import get_upload_folder, is_in_or_equal

from explorer import limits
from explorer.errors import ExplorerError, UnknownOption
from explorer.faces import DEFAULT_FINDER, finder_named
from explorer.pipeline import analyse
from explorer.report import as_json
from explorer.runners import open_runner
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
        try:
            path = _path_of(clip)
            if isinstance(variants, str) or (variants is not None and not variants):
                raise UnknownOption('variants takes a list of names such as ["b0", "lite0"]; leave it out for all')
            names = variants or read_manifest(self.zoo.release).variants
            runners = {name: partial(open_runner, name, engine, self.zoo.release) for name in names}
            *_, report = analyse(path, runners, finder_named(finder), frames=int(frames))
            return as_json(report, self.zoo)
        except (ExplorerError, ZooError) as error:
            raise gr.Error(str(error), print_exception=False) from None

    def variants(self) -> list[dict]:
        """The zoo: how each variant was made small, its size, sha256, threshold and metrics by split."""
        keys = ("name", "architecture", "input_size", "params", "macs", "bytes", "sha256", "threshold", "metrics")
        declared = ("title", "teacher", "alpha", "pruning", "precision")
        return [
            {key: getattr(VARIANTS[row.name], key) for key in declared} | {key: getattr(row, key) for key in keys}
            for row in read_manifest(self.zoo.release).variants.values()
            if row.name in VARIANTS
        ]


def _path_of(clip: dict | None) -> Path:
    if not isinstance(clip, dict) or not clip.get("path"):
        raise UnknownOption('clip takes a file: handle_file("clip.mp4") in the Gradio client')
    if not is_in_or_equal(clip["path"], get_upload_folder()):  # gr.api checks only what is marked as a file
        raise UnknownOption("clip takes an uploaded file, not a path on the server")
    return Path(clip["path"])
