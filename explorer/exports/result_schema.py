"""The shape of a result file, checked as strictly as what a stranger wrote: what does not fit is refused."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from explorer import limits
from explorer.faces.support import MAX_PEOPLE
from explorer.origin import BROKEN, MAX_TEXTS, NONE, UNCHECKED, VALID, printable, text_of
from explorer.verdicts import FAKE, NO_FACE, REAL, UNCERTAIN

MAX_FACES = limits.MAX_FRAMES * 8  # in one result
_LONG = 1000  # characters of any text, of which most are cut


def _ordered(pair: tuple[float, float]) -> tuple[float, float]:
    if pair[0] > pair[1]:
        raise ValueError("ends in the wrong order")
    return pair


Text = Annotated[str, Field(max_length=_LONG), AfterValidator(text_of)]  # printable, and cut
Sentence = Annotated[str, Field(max_length=_LONG), AfterValidator(printable)]
Name = Annotated[str, Field(pattern=r"^[\w.-]+$", max_length=limits.MAX_NAME_CHARACTERS)]
Share = Annotated[float, Field(ge=0, le=1)]  # p_fake, thresholds
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Milliseconds = Annotated[float, Field(ge=0, le=1e9)]
Pixels = Annotated[int, Field(ge=1, le=65_536)]
Place = Annotated[float, Field(ge=-1e5, le=1e5)]  # of a box's side, in pixels
Count = Annotated[int, Field(ge=0, le=10**9)]
Person = Annotated[int, Field(ge=1, le=MAX_PEOPLE)]
Verdict = Literal[FAKE, REAL, UNCERTAIN]  # type: ignore[valid-type]
Texts = Annotated[list[Text], Field(max_length=MAX_TEXTS)]


class Checked(BaseModel):
    """No number for a text nor the other way round, nothing infinite; keys of later versions are left out."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False, extra="ignore", frozen=True)


class Times(Checked):
    """Milliseconds."""

    median: Milliseconds
    iqr: Milliseconds


class ForgedStretch(Checked):
    """A time in which somebody looks forged."""

    from_s: Seconds
    to_s: Seconds
    p_fake: Share


class JudgedPerson(Checked):
    """What a variant says of one person."""

    person: Person
    faces: Annotated[int, Field(ge=1, le=MAX_FACES)]
    p_fake: Share
    verdict: Verdict
    stretches: Annotated[list[ForgedStretch], Field(max_length=limits.MAX_FRAMES)] = []


class JudgedFace(Checked):
    """One face as one variant sees it."""

    time_s: Seconds
    person: Person
    p_fake: Share
    box: tuple[Place, Place, Place, Place]


class JudgedSlice(Checked):
    """What is said of a person over several frames."""

    person: Person
    from_s: Seconds
    to_s: Seconds
    p_fake: Share


class JudgedBy(Checked):
    """What one variant says; a later version's own keys are optional."""

    name: Name
    engine: Name
    verdict: Literal[FAKE, REAL, UNCERTAIN, NO_FACE]  # type: ignore[valid-type]
    p_fake: Share | None
    fake_frame_rate: Share | None
    threshold: Share
    uncertain: Annotated[tuple[Share, Share], AfterValidator(_ordered)] | None = None
    guesses_on: Annotated[list[Name], Field(max_length=MAX_TEXTS)] = []
    ms_per_face: Times | None
    run_ms: Milliseconds | None = None
    params: Count
    size_mb: Annotated[float, Field(ge=0, le=1e6)]
    people: Annotated[list[JudgedPerson], Field(max_length=MAX_PEOPLE)]
    slices: Annotated[list[JudgedSlice], Field(max_length=MAX_FACES)] = []
    frames: Annotated[list[JudgedFace], Field(max_length=MAX_FACES)]

    @model_validator(mode="after")
    def _verdict_is_the_first_persons(self) -> "JudgedBy":
        first = self.people[0] if self.people else None
        says = (first.verdict, first.p_fake) if first else (NO_FACE, None)
        if (self.verdict, self.p_fake) != says or bool(self.frames) != bool(self.people):
            raise ValueError("a verdict that contradicts the numbers under it")
        if {face.person for face in self.frames} != {who.person for who in self.people}:
            raise ValueError("people without faces, or faces of nobody")
        return self


class SignedBy(Checked):
    """Content credentials."""

    state: Literal[VALID, UNCHECKED, BROKEN, NONE]  # type: ignore[valid-type]
    on_trust_list: bool | None = None
    issuer: Text | None = None
    signer: Text | None = None
    signed_at: Text | None = None
    tool: Text | None = None
    ai: Texts = []
    sources: Texts = []
    edits: Texts = []
    made_from: Texts = []
    problems: Texts = []


class ContainerFacts(Checked):
    """What the clip's file said beside its pictures."""

    format: Text
    codec: Text
    encoder: Text | None = None
    created: Text | None = None
    software: Texts = []
    device: Text | None = None
    edit_list: Count = 0
    hidden_s: Seconds = 0.0
    variable_rate: bool = False
    lowest_fps: Annotated[float, Field(ge=0, le=1e6)] | None = None
    highest_fps: Annotated[float, Field(ge=0, le=1e6)] | None = None


class ClipFacts(Checked):
    """Of which clip."""

    name: Text
    duration_s: Seconds
    width: Pixels
    height: Pixels
    fps: Annotated[float, Field(ge=0, le=1e4)]
    frames: Annotated[int, Field(ge=0, le=limits.MAX_CLIP_FRAMES)] = 0
    frames_sampled: Annotated[int, Field(ge=0, le=limits.MAX_FRAMES)]
    not_judged: Sentence | None = None
    brightness: Annotated[float, Field(ge=0, le=255)] | None = None
    credentials: SignedBy | None = None
    container: ContainerFacts | None = None


class Processor(Checked):
    """Where the times were measured."""

    model: Text
    cores: Count
    threads: Count
    instruction_sets: Annotated[list[Text], Field(max_length=64)] = []


class FromZoo(Checked):
    """Which zoo judged."""

    source: Text
    revision: Annotated[str, Field(pattern=r"^[0-9A-Za-z._-]+$", max_length=64)]


class NotRun(Checked):
    """What did not work; `variant` is null where it is the clip."""

    variant: Name | None
    message: Sentence


class Stages(Checked):
    """Milliseconds of what comes before the variants."""

    decode: Milliseconds
    find_faces: Milliseconds
    crop: Milliseconds


class ResultContent(Checked):
    """A whole result: the API's contract, without what can be computed from it."""

    schema_version: Annotated[int, Field(ge=1, le=1)]
    zoo: FromZoo
    clip: ClipFacts
    cpu: Processor
    stages_ms: Stages
    variants: Annotated[list[JudgedBy], Field(max_length=limits.MAX_VARIANTS_NAMED)]
    errors: Annotated[list[NotRun], Field(max_length=limits.MAX_VARIANTS_NAMED)] = []

    @model_validator(mode="after")
    def _all_judged_the_same_faces(self) -> "ResultContent":
        names = [row.name for row in self.variants]
        if len(set(names)) < len(names):
            raise ValueError("a variant that is named twice")
        seen = {tuple((face.time_s, face.person, face.box) for face in row.frames) for row in self.variants}
        if len(seen) > 1:
            raise ValueError("variants that judged different faces")
        if (times := [time_s for time_s, *_ in next(iter(seen), ())]) != sorted(times):
            raise ValueError("faces that are not in the order of time")
        return self


def readable_error(error: Any) -> str:
    """Where a content does not fit, and why, in a few words of ours alone: nothing of the file comes back."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    known = [part for part in first["loc"] if isinstance(part, int) or part in _KEYS]
    where = ".".join(map(str, known)) or "the file"
    what = first["msg"].removeprefix("Value error, ") if first["type"] == "value_error" else first["type"]
    return f"{where}: {what.replace('_', ' ')}"


def _keys(model: type[BaseModel]) -> set[str]:
    return set(model.model_fields)


_KEYS = set[str]().union(*(_keys(each) for each in Checked.__subclasses__()))
