"""The values that travel through the pipeline, all frozen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from explorer.origin import Origin
from model_zoo.guest import View


@dataclass(frozen=True)
class Geometry:
    """How stored frames become upright pictures of `width` x `height` square pixels, in this order.

    They are stretched across by `sample_aspect`, transposed (rows become columns), mirrored (left becomes right) and
    flipped (top becomes bottom).
    """

    width: int
    height: int
    sample_aspect: float = 1.0
    transposed: bool = False
    mirrored: bool = False
    flipped: bool = False


@dataclass(frozen=True)
class ClipInfo:
    """What is known of a clip before a frame is decoded; width and height in pixels, upright."""

    name: str
    duration_s: float
    width: int
    height: int
    fps: float
    start_s: float  # the first frame's own timestamp; all other times count from there
    frame_times: np.ndarray = field(repr=False, compare=False)  # (F,) float64 seconds from the first frame, ascending
    keyframe_times: np.ndarray = field(repr=False, compare=False)  # (K,) likewise, hidden ones too
    geometry: Geometry | None = field(default=None, repr=False, compare=False)  # this and stamps: for the decoder only
    stamps: np.ndarray | None = field(default=None, repr=False, compare=False)  # see explorer/video/timeline.py


@dataclass(frozen=True)
class Frame:
    """One decoded frame: `image` is RGB uint8 (H, W, 3), upright; `time_s` comes from its timestamp."""

    time_s: float
    image: np.ndarray = field(repr=False, compare=False)


@dataclass(frozen=True)
class Face:
    """A face in a frame: `box` is (4,) float32 xyxy in frame pixels, `crop` (224, 224, 3) uint8.

    `person` numbers whose face it is, from 1, the one seen most. `context` (96, 96, 3) uint8 shows what is around it,
    until it is known to be a face. `views` are the same face cut as guests and some variants want it, (S, S, 3) uint8.
    """

    time_s: float
    box: np.ndarray = field(compare=False)
    crop: np.ndarray = field(repr=False, compare=False)
    person: int = 1
    context: np.ndarray | None = field(default=None, repr=False, compare=False)
    views: Mapping[View, np.ndarray] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class SampledFrame:
    """What is kept of a frame: a thumbnail `scene` (E,) float32 in CIE L*a*b*, and its faces, the largest first."""

    time_s: float
    scene: np.ndarray = field(repr=False, compare=False)
    faces: tuple[Face, ...] = ()


# (N, S, S, 3) uint8 crops -> logits (N,) float32 and evidence (N, h, w) float32
InferenceFunction = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class Runner:
    """A variant on an engine: call `run` with crops of side `input_size`; `detector` gives torch's, None in int8.

    A p_fake inside of the `uncertain` band is too close to call; `guesses_on` names the kinds of forgery on
    which the variant was measured to be no better than chance.
    """

    name: str
    engine: str
    run: InferenceFunction
    input_size: int
    threshold: float
    uncertain: tuple[float, float]
    params: int
    size_mb: float
    detector: Callable[[], Any] = field(repr=False, compare=False)
    guesses_on: tuple[str, ...] = ()
    view: View | None = None
    clip_length: int = 1  # consecutive crops that it looks at at once
    for_clip: Callable[[Path], InferenceFunction] | None = field(default=None, repr=False, compare=False)


OpenRunner = Callable[[], Runner]  # may raise our own errors: a variant that fails is named while others run


@dataclass(frozen=True)
class Spread:
    """A measured time in milliseconds: median and interquartile range over repetitions."""

    median: float
    iqr: float


@dataclass(frozen=True)
class Stretch:
    """A time in which a person looks forged, in seconds, and the mean p_fake of the faces in it."""

    from_s: float
    to_s: float
    p_fake: float


@dataclass(frozen=True)
class PersonScore:
    """What a variant says about one person of a clip: p_fake is the mean over that person's faces.

    The verdict is `fake` where there are `stretches`, whatever the mean.
    """

    person: int
    faces: int
    p_fake: float
    verdict: str
    stretches: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Slice:
    """What a variant that looks at several frames at once says of a person in those shown from `from_s` to `to_s`."""

    person: int
    from_s: float
    to_s: float
    p_fake: float


@dataclass(frozen=True)
class VariantResult:
    """What one variant says about a clip: the most suspicious person's p_fake and verdict.

    `p_fake` is None, and the arrays are empty, where no face was found. `evidence` is (N, 0, 0) of a detector whose
    graph has none, `ms_per_face` None where nothing was computed here.
    """

    name: str
    engine: str
    verdict: str
    p_fake: float | None
    fake_frame_rate: float | None
    threshold: float
    uncertain: tuple[float, float]
    ms_per_face: Spread | None
    run_ms: float
    params: int
    size_mb: float
    frame_p_fake: np.ndarray = field(repr=False, compare=False)  # (N,) float64 in [0, 1], one per face of the report
    evidence: np.ndarray = field(repr=False, compare=False)  # (N, h, w) float32 logit units
    people: tuple[PersonScore, ...] = ()  # most suspicious first
    guesses_on: tuple[str, ...] = ()  # kinds of forgery on which it was measured to be no better than chance
    view: View | None = None  # how a guest's faces were cut
    slices: tuple[Slice, ...] = ()  # of a variant that looks at several frames at once, whose faces share these p_fake


@dataclass(frozen=True)
class VariantError:
    """A variant that could not run, and why; `variant` is None where it is the clip of which not all was judged."""

    variant: str | None
    message: str


@dataclass(frozen=True)
class Cpu:
    """The processor the times were measured on."""

    model: str
    cores: int
    threads: int
    instruction_sets: tuple[str, ...]


@dataclass(frozen=True)
class Progress:
    """Where a run stands: `done` of `total` steps of the named stage."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True)
class Report:
    """Everything found out about a clip; `faces` are in the order of time, those of a frame by person.

    `not_judged` says what looked like a face, but not enough; empty where there was nothing of the kind. `origin` is
    what the file says of itself, None where that could not be read. Of a report that was opened again the crops are
    empty, and `brightness` is the mean grey level that they had, None where it is not known.
    """

    clip: ClipInfo
    frames_sampled: int
    faces: tuple[Face, ...]
    cpu: Cpu
    stages_ms: dict[str, float]
    variants: tuple[VariantResult, ...]
    errors: tuple[VariantError, ...]
    not_judged: str = ""
    origin: Origin | None = None
    brightness: float | None = None

    __hash__ = object.__hash__  # by which Gradio sees that a page's state holds another run

    @property
    def pictured(self) -> bool:
        """Whether there are faces, and their crops with them."""
        return bool(self.faces) and self.faces[0].crop.size > 0

    @property
    def grey_level(self) -> float | None:
        """Mean over all crops, 0 to 255; None without faces, or where it is not known."""
        return float(np.mean([face.crop.mean() for face in self.faces])) if self.pictured else self.brightness
