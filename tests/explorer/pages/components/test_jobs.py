"""A page's job as a listener takes it."""

import gradio as gr

from explorer.pages.components.jobs import listener_for


def test_changes_are_filled_in_slot_by_slot_one_job_at_a_time():
    def updates(name: str):
        yield {"status": f"reading {name}"}
        yield {"status": "done", "result": 3}

    with gr.Blocks():
        clip, status, result = gr.Textbox(), gr.HTML(), gr.Number()
    listener = listener_for(updates, [clip], {"status": status, "result": result}, status)
    assert list(listener["fn"]("a.mp4")) == [{status: "reading a.mp4"}, {status: "done", result: 3}]
    assert (listener["inputs"], listener["outputs"]) == ([clip], [status, result])
    assert (listener["concurrency_id"], listener["concurrency_limit"]) == ("inference", 1)
    assert listener["api_visibility"] == "private"
