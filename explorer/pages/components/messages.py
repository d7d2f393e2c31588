"""What a page says in a sentence: what failed, what was looked at."""

from collections.abc import Callable
from html import escape

from explorer.errors import ExplorerError
from explorer.structures import Report
from model_zoo.errors import ZooError


def starting() -> str:
    """What stands there until a job tells how far it is: others may be in line before it."""
    words = "starting; if another clip is being analysed, this one waits in line"
    return f'<div class="stage" data-stage="starting">{words}<progress aria-label="the whole job"></progress></div>'


def computing(words: str) -> str:
    """Stands where a result will appear."""
    return f'<p class="computing" role="status">{escape(words)}</p>'


def sentence(text: str, kind: str = "") -> str:
    """One sentence set apart; `kind` "error" marks that something failed. A screen reader is told of failures at once,
    of the rest by page.js."""
    role = ' role="alert"' if kind == "error" else ""
    return f'<div class="stage"><p class="note {kind}"{role}>{escape(text)}</p></div>'


def summary(report: Report) -> str:
    """What was looked at, in one sentence, with the clip-level problems."""
    clip, cpu = report.clip, report.cpu
    problems = [error.message for error in report.errors if error.variant is None]
    doubtful = [report.not_judged] if report.not_judged else []
    if not report.faces:
        return sentence("; ".join([*problems, *doubtful]), "error")
    with_faces, people = len({face.time_s for face in report.faces}), len({face.person for face in report.faces})
    who = "" if people == 1 else f", {people} people"
    frames = f"{with_faces} of {report.frames_sampled} sampled frames of {clip.name} show a face{who}"
    facts = f"{clip.width}x{clip.height}, {clip.duration_s:.1f} s, {clip.fps:.2f} frames a second"
    also = "".join(f" {_begun(each)}." for each in [*doubtful, *problems])
    kind = "error" if problems else ""
    return sentence(f"{frames} ({facts}; measured on {cpu.model}, {cpu.threads} threads).{also}", kind)


def _begun(words: str) -> str:
    """As a sentence begins; a detector's name or a file's stays as it is."""
    return words[:1].upper() + words[1:] if words.partition(" ")[0].isalpha() else words


def html_or_sentence(make: Callable[[], str]) -> str:
    """The HTML that this makes, or why it cannot."""
    try:
        return make()
    except (ExplorerError, ZooError) as error:
        return sentence(f"{error}.", "error")
