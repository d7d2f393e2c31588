"""The Compare tab: a clip in, every chosen variant side by side."""

import json
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.components import Component

from explorer import limits
from explorer.engines import available_engines
from explorer.errors import ExplorerError, UnknownOption
from explorer.faces import DEFAULT_FINDER, FINDERS, finder_named
from explorer.heatmaps import EVIDENCE, LAYERS, METHODS
from explorer.pages.cards import cards, progress_bar, sentence, summary
from explorer.pages.heatmap_grid import heatmap_grid
from explorer.palette import colours
from explorer.pipeline import analyse
from explorer.plots import fake_probability, time_by_stage
from explorer.render import annotate
from explorer.report import as_json
from explorer.runners import open_runner
from explorer.structures import Progress, Report, VariantError, VariantResult
from model_zoo.manifest import read_manifest
from model_zoo.variants import SHOWN_FIRST
from model_zoo.zoo import Zoo

INFERENCE = "inference"  # one concurrency group for the page and the API: jobs run one after another with all cores
_READY = "Choose a clip, or click an example."
_CAUTION = (
    "A verdict is a statistical opinion of a small network about the pixels of a face, not a proof. "
    "Compression, small faces and kinds of forgery not seen in training mislead it."
)


def build_page(zoo: Zoo, examples: dict[str, Path]) -> None:
    """Lay the tab out inside the current Blocks; `examples` maps titles to clips."""
    names = list(read_manifest(zoo.release).variants)
    with gr.Row():
        with gr.Column(scale=1, min_width=320):
            inputs, shown, run, stop = _controls(names, examples)
        with gr.Column(scale=2, min_width=320):
            slots = _results()
    palette = colours(names)

    def compare(clip, chosen, finder, frames, engine, method, layer) -> Iterator[dict]:
        for update in _updates(clip, chosen, finder, int(frames), engine, method, layer, palette, zoo):
            yield {slots[slot]: value for slot, value in update.items()}

    settings = dict(
        fn=compare,
        inputs=inputs,
        outputs=list(slots.values()),
        concurrency_id=INFERENCE,
        concurrency_limit=1,
        api_visibility="private",
        show_progress="minimal",
        show_progress_on=[slots["status"]],
    )
    jobs = [run.click(**settings), shown.load_input_event.then(**settings)]
    stopped = partial(sentence, "Stopped.")
    stop.click(stopped, None, [slots["status"]], cancels=jobs, queue=False, api_visibility="private")


def _controls(names: list[str], examples: dict[str, Path]) -> tuple[list[Component], gr.Examples, gr.Button, gr.Button]:
    """What the visitor sets, in the order in which `compare` takes it, and what starts and stops a run."""
    clip = gr.Video(label="Clip", sources=["upload"], height=250)
    rows = [[str(path)] for path in examples.values()]
    origin = "Examples, generated from a public-domain portrait"
    shown = gr.Examples(rows, [clip], example_labels=list(examples), cache_examples=False, label=origin)
    chosen = gr.CheckboxGroup(names, value=[name for name in names if name in SHOWN_FIRST], label="Variants")
    with gr.Row():
        run = gr.Button("Analyse", variant="primary", elem_id="run")
        stop = gr.Button("Stop", elem_id="stop")
    advice = "MTCNN finds more faces, Haar is quicker"
    finder = gr.Radio(list(FINDERS), value=DEFAULT_FINDER, label="Face finder", info=advice)
    label = "Frames sampled evenly over the clip"
    frames = gr.Slider(1, limits.MAX_FRAMES, limits.DEFAULT_FRAMES, step=1, label=label)
    with gr.Accordion("Engine and heatmaps", open=False):
        engines = ["auto", *available_engines()]
        engine = gr.Dropdown(engines, value="auto", label="Engine", info="auto is the fastest installed")
        method = gr.Dropdown([EVIDENCE, *METHODS], value=EVIDENCE, label="Heatmap method")
        layer = gr.Dropdown(list(LAYERS), value="pooled", label="Layer, for the methods of pytorch-grad-cam")
    gr.Markdown(f"{limits.describe()} Uploads are deleted within two hours.", elem_classes="small")
    return [clip, chosen, finder, frames, engine, method, layer], shown, run, stop


def _results() -> dict[str, Component]:
    """What a run fills in, by slot."""
    slots: dict[str, Component] = {}
    slots["status"] = gr.HTML(sentence(_READY), elem_id="status")
    slots["verdicts"] = gr.HTML(elem_id="cards")
    gr.Markdown(_CAUTION, elem_classes="small")
    slots["curves"] = gr.Plot(label="Fake probability over time", elem_id="curves")
    slots["heat"] = gr.HTML(elem_id="heatmaps")
    slots["times"] = gr.Plot(label="Where the time went", elem_id="times")
    slots["annotated"] = gr.Video(label="Annotated clip", interactive=False, height=360, elem_id="annotated")
    slots["download"] = gr.DownloadButton("Download the report (JSON)", interactive=False, elem_id="download")
    with gr.Accordion("Report as JSON", open=False):
        slots["raw"] = gr.JSON(show_label=False)
    return slots


def _updates(clip, chosen, finder, frames, engine, method, layer, palette, zoo) -> Iterator[dict]:
    """What changes in the page, slot by slot, while a clip is analysed; our own errors become one sentence."""
    yield dict.fromkeys(("curves", "times", "annotated", "raw")) | {
        "verdicts": "",
        "heat": "",
        "download": gr.DownloadButton(interactive=False),
    }
    try:
        if not clip:
            raise UnknownOption("There is no clip yet; upload one or click an example")
        if not chosen:
            raise UnknownOption("No variant is chosen; tick at least one")
        runners = {name: partial(open_runner, name, engine, zoo.release) for name in chosen}
        results: list[VariantResult] = []
        errors: list[VariantError] = []
        for event in analyse(Path(clip), runners, finder_named(finder), frames=frames):
            match event:
                case Progress():
                    yield {"status": progress_bar(event)}
                case VariantResult() | VariantError():
                    (results if isinstance(event, VariantResult) else errors).append(event)
                    yield {"verdicts": cards(results, errors, palette)}
                case Report():
                    yield from _finished(Path(clip), event, runners, palette, method, layer, zoo)
    except ExplorerError as error:
        yield {"status": sentence(f"{error}.", "error")}


def _finished(
    clip: Path, report: Report, runners, palette: dict[str, str], method: str, layer: str, zoo: Zoo
) -> Iterator[dict]:
    """The report's figures first, then what takes longer: gradient heatmaps and the annotated clip."""
    with tempfile.TemporaryDirectory(prefix="explorer-") as folder:  # Gradio keeps its own copy of what is yielded
        content = as_json(report, zoo)
        path = Path(folder) / f"{clip.stem}.report.json"
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")
        download = gr.DownloadButton(value=str(path), interactive=True)
        yield {"raw": content, "download": download, "times": time_by_stage(report, palette)}
        if report.faces and report.variants:
            yield {"curves": fake_probability(report, palette), "status": progress_bar(Progress("heatmaps", 0, 1))}
            yield {"heat": heatmap_grid(report, runners, method, layer)}
            target = Path(folder) / f"{clip.stem}.annotated.mp4"
            for event in annotate(clip, report, target, palette):
                yield {"status": progress_bar(event)}
            yield {"annotated": str(target)}
        yield {"status": summary(report)}
