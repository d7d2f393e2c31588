"""Jobs that a page starts: one after another with all cores, and stopped on request."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import gradio as gr
from gradio.components import Component
from gradio.helpers import Examples

from explorer.pages.components.messages import sentence

INFERENCE = "inference"  # one concurrency group for the pages and the API
ONE_AT_A_TIME: dict[str, Any] = {"concurrency_id": INFERENCE, "concurrency_limit": 1}


def listener_for(
    updates: Callable[..., Iterator[dict[str, Any]]],
    inputs: Sequence[Component],
    slots: Mapping[str, Component],
    status: Component,
) -> dict[str, Any]:
    """What a listener takes to run `updates`, which says slot by slot what changes; progress is shown on `status`."""

    def fill(*values: object) -> Iterator[dict[Component, object]]:
        for changes in updates(*values):
            yield {slots[slot]: value for slot, value in changes.items()}

    fill.__name__ = getattr(updates, "__name__", fill.__name__)  # by which Gradio tells its events apart
    look: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal", "show_progress_on": [status]}
    return {"fn": fill, "inputs": list(inputs), "outputs": list(slots.values())} | ONE_AT_A_TIME | look


def run_and_stop(
    run: gr.Button, examples: Examples, stop: gr.Button, listener: dict[str, Any], status: Component
) -> None:
    """Start the job by its button or by a click on an example, and stop it by the other button."""
    jobs = [run.click(**listener), examples.load_input_event.then(**listener)]
    quiet: dict[str, Any] = {"queue": False, "api_visibility": "private"}
    # Said once the job is cancelled: its last update may still be on the way.
    stop.click(None, cancels=jobs, **quiet).then(partial(sentence, "Stopped."), None, [status], **quiet)
