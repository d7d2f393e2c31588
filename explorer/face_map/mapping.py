"""The map of a clip's faces: what is known of each point."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from explorer.errors import InvalidRequest
from explorer.face_map.embedding import Embedding, embed, require_faces
from explorer.face_map.features import features_of
from explorer.face_map.reference import reference_for
from explorer.faces.crops import resize_crop
from explorer.images import thumbnail
from explorer.structures import Report
from model_zoo.loading import load
from model_zoo.manifest import RELEASE

CROP_SHOWN = 96  # pixels


@dataclass(frozen=True)
class FaceMap:
    """The points of `embedding` are the clip's N faces, then M references with `labels` (M,), 1 = fake.

    `times` (N,) seconds, `persons` (N,) from 1, `p_fake` variant -> (N,) in [0, 1], `crops` N data URIs.
    """

    clip: str
    variant: str
    embedding: Embedding
    labels: np.ndarray = field(repr=False)
    times: np.ndarray = field(repr=False)
    persons: np.ndarray = field(repr=False)
    p_fake: dict[str, np.ndarray] = field(repr=False)
    crops: tuple[str, ...] = field(repr=False)


def map_faces(report: Report, variant: str, release: Path = RELEASE, with_references: bool = True) -> FaceMap:
    """Lay out the report's faces by a float variant's features, among the references where its weights made those.

    Raises InvalidRequest (an int8 variant, a head without pooling, too few faces), UnknownVariant, BadManifest or
    BadWeights.
    """
    faces = report.faces
    require_faces(len(faces))
    loaded = load(variant, release)
    if loaded.detector is None:
        raise InvalidRequest(f"{variant} is a graph that gives no features; choose {loaded.variant.float_name}")
    if not loaded.variant.gives_features:
        raise InvalidRequest(f"{variant} pools no features that a map could be made of; choose another variant")
    reference = reference_for(loaded.facts.sha256) if with_references else None
    crops = np.stack([resize_crop(face.crop, loaded.variant.input_size) for face in faces])
    return FaceMap(
        clip=report.clip.name,
        variant=variant,
        embedding=embed(features_of(loaded.detector, crops), reference.features if reference else None),
        labels=reference.labels if reference else np.empty(0, np.uint8),
        times=np.array([face.time_s for face in faces]),
        persons=np.array([face.person for face in faces]),
        p_fake={result.name: result.frame_p_fake for result in report.variants},
        crops=tuple(thumbnail(face.crop, CROP_SHOWN) for face in faces),
    )
