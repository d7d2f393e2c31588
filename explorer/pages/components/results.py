"""What a run of the Compare tab shows, and how it fills in while the run goes on."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import gradio as gr
from gradio.components import Component
from gradio.processing_utils import save_file_to_cache
from gradio.utils import get_upload_folder

from explorer.deadline import with_deadline
from explorer.errors import ExplorerError, InvalidRequest
from explorer.exports.annotate import annotate
from explorer.exports.archive import write_zip
from explorer.exports.mosaic import write_mosaic
from explorer.exports.report_json import as_json
from explorer.faces.finders import finder_named
from explorer.inference.runners import open_runner
from explorer.pages.components.cards import ORDERS, cards, progress_bar, sentence, summary
from explorer.pages.components.heatmap_grid import heatmap_grid
from explorer.pages.components.moment import STRIP_JS, strip
from explorer.pipeline import analyse
from explorer.plots.report import fake_probability, time_by_stage
from explorer.selection import evenly_spaced, most_disputed
from explorer.structures import Progress, Report, VariantError, VariantResult
from model_zoo.errors import ZooError
from model_zoo.zoo import Zoo

COLUMNS = 8  # faces in the grid of heatmaps
EVERYONE = "everyone"
SPREAD, DISPUTED = "spread over the clip", "where the variants differ most"
READY = "Choose a clip, or click an example."
_CAUTION = (
    "A verdict is a statistical opinion of a small network about the pixels of a face, not a proof. "
    "Compression, small faces and kinds of forgery not seen in training mislead it."
)


@dataclass(frozen=True)
class Settings:
    """What a run was asked for."""

    clip: str | None
    variants: list[str]
    finder: str
    frames: int
    engine: str
    method: str
    layer: str

    def runners(self, zoo: Zoo) -> Mapping[str, partial]:
        """What opens each chosen variant, by name."""
        return {name: partial(open_runner, name, self.engine, zoo.release) for name in self.variants}


def build_results() -> dict[str, Component]:
    """Lay the results out inside the current Blocks; what a run fills in, by slot."""
    slots: dict[str, Component] = {}
    slots["status"] = gr.HTML(sentence(READY), elem_id="status")
    slots["order"] = gr.Radio(list(ORDERS), value=next(iter(ORDERS)), label="Sort the cards by", elem_id="order")
    slots["verdicts"] = gr.HTML(elem_id="cards")
    gr.Markdown(_CAUTION, elem_classes="small")
    slots["curves"] = gr.Plot(label="Fake probability over time", elem_id="curves")
    slots["strip"] = gr.HTML(elem_id="strip", js_on_load=STRIP_JS)
    slots["moment"] = gr.HTML(elem_id="moment")
    with gr.Row():
        slots["which"] = gr.Radio([SPREAD, DISPUTED], value=SPREAD, label="Heatmaps of frames", elem_id="which")
        slots["person"] = gr.Dropdown([EVERYONE], value=EVERYONE, label="Person", elem_id="person")
    slots["heat"] = gr.HTML(elem_id="heatmaps")
    slots["annotated"] = gr.Video(label="Annotated clip", interactive=False, height=360, elem_id="annotated")
    slots["times"] = gr.Plot(label="Where the time went", elem_id="times")
    slots["download"] = gr.DownloadButton("Download everything (zip)", interactive=False, elem_id="download")
    with gr.Accordion("Report as JSON", open=False):
        slots["raw"] = gr.JSON(show_label=False)
    slots["report"] = gr.State(None, time_to_live=1800)
    slots["settings"] = gr.State(None, time_to_live=1800)
    return slots


def updates(settings: Settings, order: str, palette: dict[str, str], zoo: Zoo) -> Iterator[dict[str, object]]:
    """What changes in the page, slot by slot, while a clip is analysed; our own errors become one sentence."""
    yield dict.fromkeys(("curves", "times", "annotated", "raw", "report", "settings")) | {
        **dict.fromkeys(("verdicts", "heat", "strip", "moment"), ""),
        "download": gr.DownloadButton(interactive=False),
    }
    try:
        yield from with_deadline(_analysed(settings, order, palette, zoo))
    except ExplorerError as error:
        yield {"status": sentence(f"{error}.", "error")}


def _analysed(settings: Settings, order: str, palette: dict[str, str], zoo: Zoo) -> Iterator[dict[str, object]]:
    """Progress and cards, then all that is made of the report. Raises our own errors."""
    if not settings.clip:
        raise InvalidRequest("There is no clip yet; upload one or click an example")
    if not settings.variants:
        raise InvalidRequest("No variant is chosen; tick at least one")
    results: list[VariantResult] = []
    errors: list[VariantError] = []
    clip, clock = Path(settings.clip), _Clock()
    for event in analyse(clip, settings.runners(zoo), finder_named(settings.finder), frames=settings.frames):
        match event:
            case Progress():
                yield {"status": progress_bar(event, clock.left_s(event))}
            case VariantResult() | VariantError():
                (results if isinstance(event, VariantResult) else errors).append(event)
                yield {"verdicts": cards(results, errors, palette, order, zoo)}
            case Report():
                yield from _finished(settings, event, order, palette, zoo)


def _finished(
    settings: Settings, report: Report, order: str, palette: dict[str, str], zoo: Zoo
) -> Iterator[dict[str, object]]:
    """The report's figures first, then what takes longer: gradient heatmaps, the clips, the zip."""
    content = as_json(report, zoo)
    people = [EVERYONE, *(f"person {i}" for i in sorted({face.person for face in report.faces}))]
    yield {
        "raw": content, "times": time_by_stage(report, palette), "report": report, "settings": settings,
        "verdicts": cards(report.variants, report.errors, palette, order, zoo, report),
        "person": gr.Dropdown(people, value=EVERYONE, visible=len(people) > 2),
    }  # fmt: skip
    if report.faces and report.variants:
        yield {"curves": fake_probability(report, palette), "strip": strip(report)}
        yield {"heat": shown_or_sentence(lambda: heatmaps(report, settings, zoo, SPREAD, EVERYONE))}
    try:
        yield from _written(Path(settings.clip), report, content, palette)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ExplorerError(
            f"The verdicts stand, but the annotated clip or the zip could not be written ({why}); try again later"
        ) from error


def _written(
    clip: Path, report: Report, content: dict[str, object], palette: dict[str, str]
) -> Iterator[dict[str, object]]:
    """The annotated clip and the zip. Raises OSError, as on a full disk."""
    clock = _Clock()
    with tempfile.TemporaryDirectory(prefix="explorer-") as folder:
        annotated, tiles = Path(folder) / f"{clip.stem}.annotated.mp4", Path(folder) / "mosaic.mp4"
        clips = {"annotated": annotated, "mosaic": tiles} if report.faces and report.variants else {}
        if clips:
            for event in annotate(clip, report, annotated, palette):
                yield {"status": progress_bar(event, clock.left_s(event))}
            yield {"annotated": _kept(annotated)}
            for event in write_mosaic(report, tiles, palette):
                yield {"status": progress_bar(event, clock.left_s(event))}
        target = write_zip(Path(folder) / f"{clip.stem}.zip", report, content, palette, **clips)
        yield {"download": gr.DownloadButton(value=_kept(target), interactive=True), "status": summary(report)}


def _kept(file: Path) -> str:
    """A copy where Gradio serves files from. It would make one itself, where nobody catches that the disk is full."""
    return save_file_to_cache(file, get_upload_folder())


def shown_or_sentence(show: Callable[[], str]) -> str:
    """The HTML that this gives, or why it cannot."""
    try:
        return show()
    except (ExplorerError, ZooError) as error:
        return sentence(f"{error}.", "error")


def heatmaps(report: Report, settings: Settings, zoo: Zoo, which: str, person: str) -> str:
    """The grid for the faces that `which` and `person` choose, as HTML. Raises UnknownOption."""
    choose = most_disputed if which == DISPUTED else evenly_spaced
    shown = choose(report, COLUMNS, number_of(person))
    return heatmap_grid(report, settings.runners(zoo), shown, settings.method, settings.layer)


def number_of(person: str) -> int | None:
    """Whom the visitor chose: a person's number, None for everyone."""
    return None if person == EVERYONE else int(person.removeprefix("person "))


class _Clock:
    """How long a stage will still take, judged by how long it took so far."""

    def __init__(self):
        self.stage, self.began = "", 0.0

    def left_s(self, event: Progress) -> float | None:
        """Seconds, or None while that is a guess."""
        if event.stage != self.stage:
            self.stage, self.began = event.stage, perf_counter()
        spent = perf_counter() - self.began
        return spent * (event.total - event.done) / event.done if event.done and spent > 1 else None
