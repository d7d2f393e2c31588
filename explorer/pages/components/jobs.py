"""Jobs that a page starts: one after another with all cores, and stopped on request."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.events import Dependency

from explorer.limits import MAX_BATCHES
from explorer.pages.components.messages import sentence, starting
from explorer.turns import WORK

INFERENCE = "inference"  # one concurrency group for the pages and the API
ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": INFERENCE, "concurrency_limit": 1}
IN_TURN: dict[str, Any] = {"concurrency_id": "batches", "concurrency_limit": MAX_BATCHES}  # of many clips, each waits
BROKEN_OFF = "It broke off, or could not start; a message beside says why. Try again in a minute."
STOPPED = "Stopped: nothing more is computed. Start again, or choose another clip."


def listener_for(
    updates: Callable[..., Iterator[dict[str, Any]]],
    inputs: Sequence[Component],
    slots: Mapping[str, Any],
    one_job: bool = True,
) -> dict[str, Any]:
    """What a listener takes to run `updates`, which says slot by slot what changes, how far it is included.

    What is not `one_job` takes turns by itself.
    """

    def fill(*values: object) -> Iterator[dict[Any, object]]:
        unchanged = {next(iter(slots)): gr.skip()}  # said while it waits: it can be stopped where it says something
        for changes in WORK.in_turn(lambda: updates(*values), unchanged) if one_job else updates(*values):
            yield {slots[slot]: value for slot, value in changes.items()}

    fill.__name__ = getattr(updates, "__name__", fill.__name__)  # by which Gradio tells its events apart
    look: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    return (
        {"fn": fill, "inputs": list(inputs), "outputs": list(slots.values())}
        | (ONE_AT_A_TIME if one_job else IN_TURN)
        | look
    )


def run_and_stop(
    run: gr.Button,
    stop: gr.Button,
    listener: dict[str, Any],
    status: gr.HTML,
    picked: Dependency | None = None,
    pick: Callable[..., Dependency] | None = None,
    then: dict[str, Any] | None = None,
) -> None:
    """Start the job by its button, or once `picked`, set off by `pick`, has chosen a clip; stop it by the other.

    `then` is a listener for what goes on after it with the visitor already reading; a new start ends that. The buttons
    follow the state in the browser itself, without asking the server.
    """
    buttons = [run, stop]
    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private"}
    # What one event sets off goes one after another, each waiting for the last; what hangs on `then` does not.
    waiting = _pressed(stop, False, _buttons(True, starting()))
    begun: dict[str, Any] = {"fn": None, "outputs": [*buttons, status], "js": waiting}
    starts = [run.click(**begun), *([picked.then(**begun)] if picked is not None else [])]
    jobs = [start.then(**listener) for start in starts]
    later = [job.success(**then) for job in jobs] if then else []
    for trigger in (run.click, *([pick] if pick else [])) if later else ():
        trigger(None, cancels=later, **quiet)
    for job in jobs:
        job.then(None, None, buttons, js=_buttons(False))
        job.failure(None, None, [*buttons, status], js=_broken_off(stop))
    stop.click(None, None, None, js=_pressed(stop, True), **quiet)
    # Said once the job is cancelled: its last update may still be on the way.
    stopped = stop.click(None, cancels=[*jobs, *later], **quiet)
    stopped.then(None, None, [*buttons, status], js=_buttons(False, sentence(STOPPED)))


def _buttons(running: bool, status: str | None = None) -> str:
    """A function for the browser that gives what becomes of both buttons and, if given, of the status."""
    changes: list[Any] = [{"__type__": "update", "interactive": free} for free in (not running, running)]
    return f"() => {json.dumps(changes + [status] * (status is not None))}"


def _pressed(stop: gr.Button, pressed: bool, then: str = "() => []") -> str:
    """A function for the browser that remembers whether a job's Stop was pressed, and does what `then` does."""
    return f"() => {{ (window.stoppedJobs ??= {{}})[{stop._id}] = {json.dumps(pressed)}; return ({then})(); }}"


def _broken_off(stop: gr.Button) -> str:
    """What becomes of buttons and status where a job failed; one that was stopped counts as failed, too."""
    stopped, broken = (_buttons(False, words) for words in (sentence(STOPPED), sentence(BROKEN_OFF, "error")))
    return f"() => (window.stoppedJobs?.[{stop._id}] ? {stopped} : {broken})()"
