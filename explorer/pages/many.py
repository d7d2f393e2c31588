"""The Many tab: several clips and photos, a row for each, and what labels say of the detectors."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from explorer import limits
from explorer.batch.labels import TABLES, Labels, pasted
from explorer.batch.turns import in_turns, names_of
from explorer.batch.uploaded import labels_in
from explorer.batch.work import Work
from explorer.detectors import rows_of
from explorer.errors import ExplorerError, InvalidRequest
from explorer.exports.scores import Row, failed
from explorer.faces.finders import DEFAULT_FINDER
from explorer.judging import Question
from explorer.pages.compare import Opening
from explorer.pages.components.asset import asset
from explorer.pages.components.clip_box import KINDS, served
from explorer.pages.components.controls import choices, preset_of
from explorer.pages.components.job_progress import BATCH, JobProgress
from explorer.pages.components.jobs import listener_for, run_and_stop
from explorer.pages.components.many_table import headings, table
from explorer.pages.components.messages import sentence
from explorer.structures import Progress
from explorer.video.decoder import printable
from model_zoo.manifest import Released
from model_zoo.zoo import Zoo

READY = "Choose several clips or photos."
_LIMITS = (
    f"Up to {limits.MAX_FILES_AT_ONCE} files, {limits.MAX_TOGETHER_BYTES / 1e6:.0f} MB together; between two of them "
    "other visitors get their turn. `python -m explorer` takes whole folders."
)
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


Slots = dict[str, Any]  # components by name


def build_page(zoo: Zoo, opening: Opening, tabs: gr.Tabs) -> None:
    """Lay the tab out inside the current Blocks; a click on a clip opens it by `opening`, in the first of `tabs`."""
    with gr.Row():
        with gr.Column(scale=1, min_width=300):
            asked = _build_inputs(rows_of(zoo))
        with gr.Column(scale=3, min_width=320):
            slots = _build_results()

    def judged(files: list[str] | None, variants: list[str], frames: float, text: str | None) -> Iterator[Slots]:
        return updates(files, Question(tuple(variants), int(frames), DEFAULT_FINDER), text, zoo)

    def measured(kept: tuple[list[Row], list[str]] | None, text: str | None) -> str:
        return measures_of(kept[0], text, kept[1], zoo) if kept else ""

    def opened(files: list[str] | None, event: gr.SelectData) -> dict[Any, Any]:
        by_name = dict(zip(names_of([Path(path) for path in files or []]), files or [], strict=True))
        path = by_name.get(str(event.row_value[0]))
        return opening.changes(path) | {tabs: gr.Tabs(selected="compare")} if path else {tabs: gr.skip()}

    clips, labels = asked["clips"], asked["labels"]
    words = slots.pop("filter")
    listener = listener_for(judged, [clips, asked["chosen"], asked["frames"], labels], slots, one_job=False)
    run_and_stop(asked["run"], asked["stop"], listener, slots["status"])
    labels.change(measured, [slots["kept"], labels], slots["measures"], trigger_mode="always_last", **_QUIET)
    words.change(filtered, [slots["kept"], words], slots["table"], trigger_mode="always_last", **_QUIET)
    asked["upload"].upload(uploaded, [asked["upload"], labels], [labels, slots["status"]], **_QUIET)
    slots["table"].select(opened, clips, [*opening.outputs, tabs], **_QUIET)


def _build_inputs(rows: Mapping[str, Released]) -> Slots:
    """What a visitor brings and chooses."""
    slots: Slots = {}
    look: dict[str, Any] = {"height": 160, "elem_id": "many"}
    slots["clips"] = gr.File(label="Clips and photos", file_count="multiple", file_types=[*KINDS], **look)
    with gr.Row():
        slots["run"] = gr.Button("Judge them all", variant="primary", elem_id="many-run")
        slots["stop"] = gr.Button("Stop", elem_id="many-stop", interactive=False)
    with gr.Accordion("Choose detectors", open=False):
        typical = preset_of("five typical", rows)
        slots["chosen"] = gr.CheckboxGroup(choices(rows), value=typical, label="Variants", elem_id="many-variants")
        slots["frames"] = gr.Slider(1, limits.MAX_FRAMES, limits.DEFAULT_FRAMES, step=1, label="Frames a clip")
    with gr.Accordion("Labels, for measures", open=False):
        slots["labels"] = gr.Textbox(label="A line a clip: name, real or fake", lines=4, elem_id="many-labels")
        slots["upload"] = gr.UploadButton("Take them from a table", file_types=[*TABLES], size="sm")
    gr.Markdown(_LIMITS, elem_classes="small")
    return slots


def _build_results() -> Slots:
    """What a batch fills in."""
    slots: Slots = {"status": gr.HTML(sentence(READY), elem_id="many-status", js_on_load=asset("status.js"))}
    look: dict[str, Any] = {"max_height": 620, "pinned_columns": 1, "elem_id": "many-table"}
    slots["filter"] = gr.Textbox(label="Show clips whose name, verdict or error holds", elem_id="many-filter")
    slots["table"] = gr.Dataframe(interactive=False, headers=headings([]), **look)
    with gr.Row():
        for kind in ("CSV", "parquet"):
            slots[kind.lower()] = gr.DownloadButton(f"Download {kind}", visible=False, size="sm")
    slots["measures"] = gr.HTML(elem_id="many-measures")
    slots["kept"] = gr.State(None, time_to_live=1800)
    return slots


def updates(files: Sequence[str] | None, question: Question, text: str | None, zoo: Zoo) -> Iterator[dict[str, Any]]:
    """What changes in the page, slot by slot, while clips are judged one after another."""
    hidden = gr.DownloadButton(visible=False)
    yield {"table": None, "csv": hidden, "parquet": hidden, "measures": "", "kept": None}
    try:
        if not files:
            raise InvalidRequest("There are no clips yet; choose some")
        if len(files) > limits.MAX_FILES_AT_ONCE:  # they may have come in several uploads
            raise InvalidRequest(f"There are {len(files)} files; at most {limits.MAX_FILES_AT_ONCE} are judged at once")
        if not question.variants:
            raise InvalidRequest("No variant is chosen; tick at least one")
        paths = [Path(path) for path in files]
        names, variants, rows = names_of(paths), question.variants, list[Row]()
        progress = JobProgress(BATCH)
        yield {"table": table(rows, names, variants)}
        for event in in_turns(paths, Work(question, zoo)):
            if isinstance(event, Progress):
                yield {"status": progress.bar(event)}
            else:
                rows.append(event)
                yield {"table": table(rows, names, variants)}
        yield {"status": sentence(_outcome(rows)), "kept": (rows, list(variants)), **_downloads(rows)}
        yield {"measures": measures_of(rows, text, list(variants), zoo)}
    except ExplorerError as error:
        yield {"status": sentence(f"{error}.", "error")}


def filtered(kept: tuple[list[Row], list[str]] | None, words: str | None) -> Any:
    """The table of those rows that hold the words."""
    if not kept:
        return gr.skip()
    rows, variants = kept
    places, wanted = ("name", "verdict", "error"), (words or "").strip().lower()
    shown = [row for row in rows if any(wanted in str(row[place] or "").lower() for place in places)]
    return table(shown, [row["name"] for row in shown], variants)


def uploaded(path: str, before: str | None) -> tuple[str | None, str]:
    """An uploaded table's labels as one would paste them, and what is said of it; `before` where it holds none."""
    try:
        return labels_in(Path(path)), sentence(f"Labels are those of {printable(Path(path).name)}.")
    except ExplorerError as error:
        return before, sentence(f"{error}.", "error")


def measures_of(rows: Sequence[Row], text: str | None, variants: Sequence[str], zoo: Zoo) -> str:
    """What pasted labels say of the detectors, as HTML; nothing without any, a sentence where they are none."""
    if not text or not text.strip():
        return ""
    try:
        labels = Labels(pasted(text, [row["name"] for row in rows]), "the list of labels")
    except ExplorerError as error:
        return sentence(f"{error}.", "error")
    from explorer.batch.measures import as_text, measure_rows  # scikit-learn takes a second to load

    released = rows_of(zoo)
    labelled = [row | labels.of(Path(row["name"])) for row in rows]
    measured = measure_rows(labelled, {name: released[name].threshold for name in variants if name in released})
    lines, _, legend = as_text(measured).rpartition("\n")
    figures = f'<pre tabindex="0" aria-label="measures of each detector">{escape(lines)}</pre>'
    return f'{figures}<p class="small">{escape(legend)}.</p>'


def _outcome(rows: Sequence[Row]) -> str:
    broken = sum(map(failed, rows))
    failures = f" {broken} of them could not be judged, or not by all: see the last column." if broken else ""
    return f"{len(rows)} clips are judged.{failures} A click on one opens it in Compare."


def _downloads(rows: Sequence[Row]) -> dict[str, gr.DownloadButton]:
    """Both tables where Gradio serves files from. Raises ExplorerError where they cannot be written."""
    from explorer.batch.results import write_csv, write_parquet  # pyarrow takes its time to load

    buttons = {}
    try:
        with tempfile.TemporaryDirectory(prefix="explorer-") as folder:
            for kind, write in (("csv", write_csv), ("parquet", write_parquet)):
                path = Path(folder) / f"scores.{kind}"
                write(rows, path)
                buttons[kind] = gr.DownloadButton(value=served(path), visible=True)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise ExplorerError(f"The rows stand, but the tables could not be written ({why}); try again later") from error
    return buttons
