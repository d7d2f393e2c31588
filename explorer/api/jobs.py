"""The API's functions beside /analyze and /variants: the face map and the finders' race."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass

import gradio as gr

from explorer import limits
from explorer.api import arguments
from explorer.api.endpoints import job, path_of, steps
from explorer.face_map.mapping import map_faces
from explorer.faces.finders import DEFAULT_FINDER, finder_named
from explorer.finder_race import DEFAULT_FRAMES, race
from explorer.pipeline import analyse
from model_zoo.zoo import Zoo

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Tools:
    """The functions over one zoo; Gradio publishes the methods."""

    zoo: Zoo

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
        report = yield from steps(analyse(path_of(clip), {}, finder_named(DEFAULT_FINDER), frames=frames))
        face_map = map_faces(report, variant, self.zoo.release)
        count = len(face_map.times)
        points, clusters = face_map.embedding.points.round(4).tolist(), face_map.embedding.clusters.tolist()
        yield {
            "schema_version": SCHEMA_VERSION,
            "clip": face_map.clip,
            "variant": variant,
            "points": points[:count],
            "clusters": clusters[:count],
            "times": face_map.times.round(4).tolist(),
            "persons": face_map.persons.tolist(),
            "references": {
                "points": points[count:],
                "clusters": clusters[count:],
                "labels": face_map.labels.tolist(),
            },
        }

    @job
    def finders(self, clip: gr.FileData, frames: int = DEFAULT_FRAMES) -> Iterator[dict]:
        """Race the face finders, Haar against MTCNN, on a video clip: how quick they are and which faces they miss.

        Args:
            clip: the video file.
            frames: how many frames are sampled evenly over the clip, 1 to 32.

        Returns:
            schema_version 1, clip, frames, and rows: a finder ("mtcnn" or "haar"), batched or not, at a size (side_px,
            of the frame's longer side) with fps, ms_per_frame, found, missed and mean_iou_with_mtcnn, the yardstick
            being MTCNN at the largest size. boxes holds, per finder, time_s and boxes [[x0, y0, x1, y1], ...] of each
            frame, in pixels of the upright clip, found at boxes_side_px.
        """
        last = yield from steps(race(path_of(clip), arguments.whole(frames)))
        yield {
            "schema_version": SCHEMA_VERSION,
            "clip": last.clip.name,
            "frames": len(last.frames),
            "rows": [asdict(row) for row in last.rows],
            "boxes_side_px": last.shown_px,
            "boxes": {
                finder: [
                    {"time_s": round(frame.time_s, 4), "boxes": boxes.round(1).tolist()}
                    for frame, boxes in zip(last.frames, found, strict=True)
                ]
                for finder, found in last.boxes.items()
            },
        }
