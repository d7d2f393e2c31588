"""Why a clip is hard to judge, as far as its own faces tell."""

import numpy as np

from explorer.faces.boxes import areas, crop_squares
from explorer.structures import Report

SMALL = 64  # pixels: narrower faces are scaled up before a detector sees them
DARK = 50  # mean grey level, 0 to 255
FEW = 8  # frames
SELDOM = 0.5  # of the sampled frames
SWING = 0.25  # by which half of a detector's opinions on neighbouring faces of a person differ
LEARNED_FROM = "h264"  # what training clips are compressed as
ONE_PICTURE = "one picture tells nothing of how the face moves"
CUT_OFF = 0.15  # of a crop that lies outside of the picture


def caveats(report: Report) -> tuple[str, ...]:
    """What speaks against trusting any verdict on this clip, in words; empty where nothing does."""
    if not report.faces:
        return ()
    reasons = []
    width = np.median([face.box[2] - face.box[0] for face in report.faces])
    if width < SMALL:
        reasons.append(f"the faces are only {width:.0f} px wide")
    if report.grey_level is not None and report.grey_level < DARK:
        reasons.append("the faces are dark")
    cut_off = _outside(report) > CUT_OFF
    if 2 * cut_off.sum() > len(report.faces):
        reasons.append(f"the picture's edge cuts the face off in {cut_off.sum()} of {len(report.faces)} crops")
    frames, sampled = len({face.time_s for face in report.faces}), report.frames_sampled
    if rests_on_one_picture(report):
        reasons.append(ONE_PICTURE)
    elif frames < FEW:
        reasons.append(f"only {frames} sampled frame{'s' * (frames != 1)} show{'s' * (frames == 1)} a face")
    elif frames < SELDOM * sampled:
        reasons.append(f"a face shows in only {frames} of {sampled} sampled frames")
    if swinging := _swinging(report):
        reasons.append(f"the opinion of {swinging} of {len(report.variants)} detectors swings from frame to frame")
    if codec := _codec(report):
        reasons.append(f"it is compressed as {codec}, the detectors learned from {LEARNED_FROM.upper()}")
    reasons += [error.message for error in report.errors if error.variant is None]  # what was not looked at
    return tuple(reasons)


def rests_on_one_picture(report: Report) -> bool:
    """Whether there is but one frame to judge: a photo, or a clip of one frame."""
    return len(report.clip.frame_times) == 1


def _outside(report: Report) -> np.ndarray:
    """The share of each face's crop that lies outside of the picture, (N,) in [0, 1]."""
    squares = crop_squares(np.array([face.box for face in report.faces]))
    edges = np.array([report.clip.width, report.clip.height, report.clip.width, report.clip.height], np.float32)
    return 1 - areas(np.clip(squares, 0, edges)) / areas(squares)


def _swinging(report: Report) -> int:
    """How many variants' p_fake swings, where it is most of them; 0 otherwise."""
    persons = np.array([face.person for face in report.faces])
    swinging = 0
    for result in report.variants:
        steps = [np.abs(np.diff(result.frame_p_fake[persons == person])) for person in np.unique(persons)]
        changes = np.concatenate(steps)
        swinging += bool(len(changes) and np.median(changes) > SWING)
    return swinging if 2 * swinging > len(report.variants) else 0


def _codec(report: Report) -> str:
    """What the clip is compressed as, if that is known and another than the detectors learned from."""
    codec = report.origin.container.codec.split(" ")[0] if report.origin else ""
    return "" if codec.startswith(LEARNED_FROM) else codec
