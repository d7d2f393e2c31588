"""The last run as it is kept for its visitor: a report whose crops are JPEGs, a fifth of its bytes."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from explorer.structures import Report
from model_zoo.guest import View

_NOTHING = np.zeros((0, 0, 3), np.uint8)
_SETTINGS = [
    cv2.IMWRITE_JPEG_QUALITY, 95,
    cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
]  # fmt: skip


@dataclass(frozen=True)
class KeptReport:
    """`report` without crops, and the JPEG of each face's, then those of its views.

    `elsewhere` says that another zoo judged.
    """

    report: Report
    crops: tuple[bytes, ...] = field(repr=False)
    # Gradio tells states apart by their hash.
    views: tuple[dict[View, bytes], ...] = field(default=(), repr=False, hash=False)
    elsewhere: bool = False


def kept(report: Report) -> KeptReport:
    """What is kept of a report; of one without crops, itself."""
    bare = tuple(replace(face, crop=_NOTHING, views={}) for face in report.faces)
    without = replace(report, faces=bare, brightness=report.grey_level)
    if not report.pictured:
        return KeptReport(without, ())
    crops = tuple(_encoded(face.crop) for face in report.faces)
    views = tuple({view: _encoded(crop) for view, crop in face.views.items()} for face in report.faces)
    return KeptReport(without, crops, views)


def restored_report(last: KeptReport | None) -> Report | None:
    """The report, its crops nearly what they were; None where there is none."""
    if last is None or not last.crops:
        return last.report if last else None
    faces = tuple(
        replace(face, crop=_decoded(crop), views={view: _decoded(cut) for view, cut in views.items()})
        for face, crop, views in zip(last.report.faces, last.crops, last.views, strict=True)
    )
    return replace(last.report, faces=faces)


def _encoded(crop: np.ndarray) -> bytes:
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), _SETTINGS)
    return encoded.tobytes()


def _decoded(crop: bytes) -> np.ndarray:
    """(S, S, 3) uint8 RGB."""
    image = cv2.imdecode(np.frombuffer(crop, np.uint8), cv2.IMREAD_COLOR)
    assert image is not None
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)
