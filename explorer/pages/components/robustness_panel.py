"""How firm a verdict is: one button, and how each variant's p_fake moves when the clip is passed on."""

from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.components import Component

from explorer.deadline import with_deadline
from explorer.detectors import views_of
from explorer.errors import ExplorerError
from explorer.faces.finders import finder_named
from explorer.faces.mtcnn.second_look import log_odds
from explorer.pages.components.job_progress import JUDGING_AGAIN, JobProgress
from explorer.pages.components.jobs import listener_for
from explorer.pages.components.kept import KeptReport
from explorer.pages.components.messages import sentence
from explorer.pages.components.settings import Settings
from explorer.robustness import TITLES, Firmness, Robustness, judge_again
from explorer.structures import Progress, Report
from explorer.verdicts import FAKE, REAL, UNCERTAIN
from model_zoo.variants import plain_name
from model_zoo.zoo import Zoo

ABOUT = (
    "Judges at most 10 s around the most suspicious stretch again, at 720p, as a messenger would pass it on: "
    "compressed, at half size, as JPEGs, moved by 5 px, mirrored. A verdict that changes rests on little."
)
_SIGNS = {FAKE: "&#9650; fake", UNCERTAIN: "? uncertain", REAL: "&#9660; real"}


def build_robustness(report: Component, settings: Component, zoo: Zoo) -> None:
    """Lay the button and its results out inside the current Blocks; the gr.States are those of the last run."""
    assert isinstance(report, gr.State)
    with gr.Row(equal_height=False):
        run = gr.Button("How firm is this verdict?", elem_id="firm")  # stands beside verdicts only
        stop = gr.Button("Stop", interactive=False, elem_id="firm-stop")
    gr.Markdown(ABOUT, elem_classes="small")
    status, panel = gr.HTML(elem_id="firm-status"), gr.HTML(elem_id="firmness")
    slots = {"run": run, "stop": stop, "status": status, "panel": panel}

    def judge(last: KeptReport | None, settings: Settings | None) -> Iterator[dict[str, Any]]:
        return updates(last.report if last else None, settings, zoo)

    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private", "show_progress": "hidden"}
    job = run.click(**listener_for(judge, [report, settings], slots))
    stop.click(None, cancels=[job], **quiet).then(_stopped, None, [run, stop, status], **quiet)
    report.change(_of_another_run, report, [run, stop, status, panel], **quiet)


def _stopped() -> list[Any]:
    return [gr.Button(interactive=True), gr.Button(interactive=False), sentence("Stopped.")]


def _of_another_run(last: KeptReport | None) -> list[Any]:
    """Results of the run before it go; there is something to test where somebody was judged here."""
    judged = last is not None and bool(last.crops and last.report.variants)
    return [gr.Button(interactive=judged), gr.Button(interactive=False), "", ""]


def updates(report: Report | None, settings: Settings | None, zoo: Zoo) -> Iterator[dict[str, Any]]:
    """What changes slot by slot while the clip is judged again; our own errors become one sentence."""
    if report is None or settings is None or settings.clip is None:
        yield {"status": sentence("Analyse a clip first.", "error")}
        return
    yield {"run": gr.Button(interactive=False), "stop": gr.Button(interactive=True), "panel": ""}
    progress = JobProgress(JUDGING_AGAIN)
    done: dict[str, Any] = {"run": gr.Button(interactive=True), "stop": gr.Button(interactive=False)}
    try:
        runners = {name: opened for name, opened in settings.runners(zoo).items() if name in _judged(report)}
        finder, views = finder_named(settings.finder), views_of(zoo, runners)
        events = judge_again(Path(settings.clip), report, runners, finder, examine=log_odds, views=views)
        for event in with_deadline(events):
            if isinstance(event, Progress):
                yield {"status": progress.bar(event)}
            else:
                yield done | {"status": sentence(in_words(event)), "panel": firmness_bars(event)}
    except ExplorerError as error:
        yield done | {"status": sentence(f"{error}.", "error")}


def _judged(report: Report) -> set[str]:
    return {result.name for result in report.variants}


def in_words(robustness: Robustness) -> str:
    """What came of it, in a sentence, with what was judged."""
    firm = sum(each.holds for each in robustness.variants)
    where = f"{robustness.from_s:.1f} to {robustness.to_s:.1f} s, at {robustness.width}x{robustness.height}"
    faces = f"{robustness.faces} face{'s' * (robustness.faces != 1)} of one person"
    return f"{firm} of {len(robustness.variants)} verdicts hold ({faces}, {where})."


def firmness_bars(robustness: Robustness) -> str:
    """A card per variant with a bar per version, as HTML."""
    cards = "".join(_card(each) for each in robustness.variants)
    broken = "".join(sentence(f"{error.variant}: {error.message}.", "error") for error in robustness.errors)
    return f'<div class="firmness">{cards}</div>{broken}'


def _card(firmness: Firmness) -> str:
    rows = "".join(_row(firmness, version) for version in firmness.versions)
    word = "holds" if firmness.holds else "does not hold"
    changed = "" if firmness.holds else f": changed by {_titles(firmness.changed_by)}"
    return (
        f'<section class="evidence firm-card"><h3>{escape(plain_name(firmness.name))}</h3>'
        f'<p class="small">{escape(firmness.name)}</p>'
        f'<p><strong class="{"firm" if firmness.holds else "soft"}">{word}</strong>{escape(changed)}</p>'
        f"<table><tbody>{rows}</tbody></table></section>"
    )


def _titles(versions: tuple[str, ...]) -> str:
    return "; ".join(TITLES[version] for version in versions)


def _row(firmness: Firmness, version: str) -> str:
    """The version's name, a bar from real to fake with the threshold, the number and the verdict."""
    judged, (low, high) = firmness.versions[version], firmness.uncertain
    band = f"left:{100 * low:.1f}%;width:{100 * (high - low):.1f}%"
    bar = (
        f'<div class="bar" aria-hidden="true"><i class="unsure" style="{band}"></i>'
        f'<i class="fill {judged.verdict}" style="width:{100 * judged.p_fake:.1f}%"></i>'
        f'<i class="threshold" style="left:{100 * firmness.threshold:.1f}%"></i></div>'
    )
    return (
        f'<tr><th scope="row">{escape(TITLES[version])}</th><td>{bar}</td><td>{judged.p_fake:.2f}</td>'
        f'<td class="sign {judged.verdict}">{_SIGNS[judged.verdict]}</td></tr>'
    )
