"""The API's functions, on the same path as the pages; the names, signatures and docstrings are what clients see."""

from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, replace

import gradio as gr

from explorer import limits
from explorer.api import arguments
from explorer.api.jobs import in_sentences, job, no_tool, path_of, paths_of, steps
from explorer.batch.turns import in_turns
from explorer.batch.work import Work
from explorer.detectors import views_of
from explorer.exports.face_map_json import face_map_json
from explorer.exports.finder_race_json import finder_race_json
from explorer.exports.report_json import SCHEMA_VERSION, as_json
from explorer.exports.robustness_json import robustness_json
from explorer.exports.zoo_json import zoo_json
from explorer.face_map.mapping import map_faces
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.finder_race import DEFAULT_FRAMES, race
from explorer.heatmaps.overlay import EVIDENCE, HEATMAPS
from explorer.heatmaps.variant_maps import FACES_SHOWN, overlays
from explorer.images import data_uri
from explorer.judging import Question, judge
from explorer.pipeline import analyse
from explorer.robustness import judge_again
from explorer.selection import evenly_spaced
from explorer.structures import OpenRunner, Progress, Report
from model_zoo.architectures import LAYERS
from model_zoo.errors import ZooError
from model_zoo.zoo import Zoo


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

    @no_tool
    @in_sentences
    def analyze_many(
        self,
        clips: list[gr.FileData],
        variants: list[str] | None = None,
        frames: int = limits.DEFAULT_FRAMES,
        finder: str = DEFAULT_FINDER,
        engine: str = "auto",
    ) -> Iterator[dict]:
        """Judge the faces of several video clips or photos, one after another; others' jobs come in between.

        Args:
            clips: the files.
            variants: names from /variants; all of them by default.
            frames: how many frames are sampled evenly over each clip.
            finder: "mtcnn-tracked" (quickest), "mtcnn" (every frame anew) or "haar".
            engine: "auto" (the fastest installed), "openvino", "onnxruntime" or "torch".

        Returns:
            schema_version 1, zoo, and rows, one a clip in the order of clips: name, duration_s, frames, faces, people,
            verdict (of most variants; null where it could not be judged), agreement, evidence (0 to 4), error, seconds,
            and verdict_ and p_fake_ of each variant. Each row comes as `row`, too, once it is there.
        """
        paths = paths_of(clips)
        work = Work(question_of(variants, frames, finder, engine), self.zoo)
        rows: list[dict] = []
        for event in in_turns(paths, work):
            if isinstance(event, Progress):
                yield asdict(event)
            else:
                rows.append(event)
                yield asdict(Progress("judging the clips", len(rows), len(paths))) | {"row": event}
        zoo = {"source": self.zoo.source, "revision": self.zoo.revision, "note": self.zoo.note}
        yield {"schema_version": SCHEMA_VERSION, "zoo": zoo, "rows": rows}

    @job
    def heatmaps(
        self,
        clip: gr.FileData,
        variants: list[str] | None = None,
        frames: int = FACES_SHOWN,
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
            method: "evidence" (class activation map: red speaks for fake, blue for real), "occlusion" (what is lost
                where a patch is covered; of any detector, slow), or "gradcam", "gradcam++", "layercam" or "eigencam" of
                pytorch-grad-cam (brighter weighed more; not for int8 variants and guests).
            layer: for pytorch-grad-cam's methods, "pooled" or "blocks.2" to "blocks.6".

        Returns:
            schema_version 1, clip, method, layer, errors, and heatmaps: for up to 8 faces spread over the clip and each
            variant its name, time_s, person, p_fake and image, a 224 px PNG as a data URI.
        """
        arguments.one_of(method, HEATMAPS, "heatmap method")
        arguments.one_of(layer, LAYERS, "layer")
        report, runners = yield from self._analysed(clip, variants, frames, finder, "auto")
        faces, rows = evenly_spaced(report, FACES_SHOWN), []
        for done, row in enumerate(report.variants):
            yield asdict(Progress(f"heatmaps of {row.name}", done, len(report.variants)))
            images = overlays(report, row, faces, runners, method, layer)
            rows += [
                {
                    "variant": row.name,
                    "time_s": round(report.faces[i].time_s, 4),
                    "person": report.faces[i].person,
                    "p_fake": round(float(row.frame_p_fake[i]), 6),
                    "image": data_uri(image, "png"),
                }
                for i, image in zip(faces, images, strict=True)
            ]
        errors = [{"variant": error.variant, "message": error.message} for error in report.errors]
        if method == EVIDENCE:
            words = "its graph gives no evidence map; ask for gradcam or occlusion"
            bare = [row.name for row in report.variants if len(faces) and not row.evidence[faces[0]].size]
            errors += [{"variant": name, "message": words} for name in bare]
        settings = {"clip": report.clip.name, "method": method, "layer": layer}
        yield {"schema_version": SCHEMA_VERSION} | settings | {"heatmaps": rows, "errors": errors}

    @job
    def robustness(
        self,
        clip: gr.FileData,
        variants: list[str] | None = None,
        frames: int = limits.DEFAULT_FRAMES,
        finder: str = DEFAULT_FINDER,
    ) -> Iterator[dict]:
        """Test how firm the verdicts on a video clip are, by judging it again as a messenger would pass it on.

        At most 10 s around the most suspicious stretch are judged, at 720p: as uploaded, as H.264 at three rates, at
        half size, as JPEGs, moved by 5 px, mirrored.

        Args:
            clip: the video file; it must show a face.
            variants: names from /variants; all of them by default.
            frames: how many frames are sampled evenly over the clip to find that stretch.
            finder: "mtcnn-tracked" (quickest), "mtcnn" (every frame anew) or "haar".

        Returns:
            schema_version 1, clip, from_s, to_s, width, height, faces (of the most suspicious person), errors, and
            variants: name, threshold, uncertain, holds (no version changes the verdict), changed_by, and versions with
            version, title, p_fake, moved (from p_fake as uploaded) and verdict.
        """
        report, runners = yield from self._analysed(clip, variants, frames, finder, "auto")
        views = views_of(self.zoo, runners)
        again = judge_again(path_of(clip), report, runners, finder_named(str(finder)), examine=log_odds, views=views)
        outcome = yield from steps(again)
        failed = [error for error in report.errors if error.variant is None]
        yield robustness_json(replace(outcome, errors=(*failed, *outcome.errors)))

    @job
    def embed(
        self, clip: gr.FileData, variant: str = "lite0_kd", frames: int = limits.DEFAULT_FRAMES
    ) -> Iterator[dict]:
        """Lay out the faces of a video clip in three dimensions, so that faces which a detector sees as alike are near.

        Args:
            clip: the video file; it must show at least five faces.
            variant: a float variant from /variants, whose features place the faces.
            frames: how many frames are sampled evenly over the clip.

        Returns:
            schema_version 1, clip, variant, and a row per face in points ([x, y, z], t-SNE's own units), clusters
            (-1: in none), times (seconds) and persons (from 1). references holds points, clusters and labels (1 = fake)
            of known faces in the same space, empty where the bundled ones were made with other weights. Distances
            between far points mean nothing.
        """
        variant, frames = arguments.name(variant, "variant"), arguments.whole(frames)
        find_faces = finder_named(DEFAULT_FINDER)
        report = yield from steps(analyse(path_of(clip), {}, find_faces, examine=log_odds, frames=frames))
        face_map = map_faces(report, variant, self.zoo.release)
        yield face_map_json(face_map)

    @job
    def finders(self, clip: gr.FileData, frames: int = DEFAULT_FRAMES) -> Iterator[dict]:
        """Race the face finders, Haar against MTCNN, on a video clip: how quick they are and which faces they miss.

        Args:
            clip: the video file.
            frames: how many frames are sampled evenly over the clip, 1 to 32.

        Returns:
            schema_version 1, clip, frames, and rows: a finder ("mtcnn", "mtcnn-tracked" or "haar"), batched or not, at
            a size (side_px, of the frame's longer side) with fps, ms_per_frame, found, missed and mean_iou_with_mtcnn,
            the yardstick being MTCNN at the largest size. boxes holds, per finder, time_s and boxes
            [[x0, y0, x1, y1], ...] of each frame, in pixels of the upright clip, found at boxes_side_px.
        """
        outcome = yield from steps(race(path_of(clip), arguments.whole(frames)))
        yield finder_race_json(outcome)

    def variants(self) -> list[dict]:
        """The zoo: how each variant was made small, its size, sha256, threshold and metrics by split.

        Then the guests, detectors that are not ours: `guest` says where each is from, and how its labels were read.
        """
        try:
            return zoo_json(self.zoo)
        except ZooError as error:
            raise gr.Error(str(error), print_exception=False) from None

    def _analysed(
        self, clip: object, variants: object, frames: object, finder: object, engine: object
    ) -> Generator[dict, None, tuple[Report, dict[str, OpenRunner]]]:
        """How far it is; returns the report and what opened its variants."""
        path, question = path_of(clip), question_of(variants, frames, finder, engine)
        report = yield from steps(judge(path, question, self.zoo))
        return report, question.runners(self.zoo)


def question_of(variants: object, frames: object, finder: object, engine: object) -> Question:
    """What a client asks of a clip. Raises InvalidRequest for what is of the wrong kind."""
    names = tuple(arguments.variant_names(variants) or ())
    count = arguments.whole(frames)
    return Question(names, count, arguments.name(finder, "finder"), arguments.name(engine, "engine"))
