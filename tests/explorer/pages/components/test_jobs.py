"""A page's job as a listener takes it."""

import json

import gradio as gr

from explorer.pages.components.jobs import STOPPED, _buttons, listener_for, run_and_stop


def test_changes_are_filled_in_slot_by_slot_one_job_at_a_time():
    def updates(name: str):
        yield {"status": f"reading {name}"}
        yield {"status": "done", "result": 3}

    with gr.Blocks():
        clip, status, result = gr.Textbox(), gr.HTML(), gr.Number()
    listener = listener_for(updates, [clip], {"status": status, "result": result})
    assert list(listener["fn"]("a.mp4")) == [{status: "reading a.mp4"}, {status: "done", result: 3}]
    assert (listener["inputs"], listener["outputs"]) == ([clip], [status, result])
    assert (listener["concurrency_id"], listener["concurrency_limit"]) == ("inference", 1)
    assert listener["api_visibility"] == "private"


def test_the_buttons_follow_the_state():
    changes = json.loads(_buttons(running=True, status="starting").removeprefix("() => "))
    assert changes == [
        {"__type__": "update", "interactive": False}, {"__type__": "update", "interactive": True}, "starting",
    ]  # fmt: skip
    assert [each["interactive"] for each in json.loads(_buttons(running=False).removeprefix("() => "))] == [True, False]


def test_stop_cancels_the_job_and_what_goes_on_after_it_and_a_new_start_the_latter():
    def work():
        yield {"status": "done"}

    with gr.Blocks() as demo:
        run, stop, status = gr.Button("Run"), gr.Button("Stop"), gr.HTML()
        listener = listener_for(work, [], {"status": status})
        run_and_stop(run, stop, listener, status, then=listener_for(work, [], {"status": status}))
    job, later = (fn for fn in demo.fns.values() if fn.name == "work")
    start = next(fn for fn in demo.fns.values() if fn.targets[0] == (run._id, "click"))
    assert (job.trigger_after, later.trigger_after, later.trigger_only_on_success) == (start._id, job._id, True)
    assert '"interactive": false' in start.js and "waits in line" in start.js
    cancels = {fn.targets[0]: sorted(fn.cancels) for fn in demo.fns.values() if fn.cancels}
    assert cancels == {(run._id, "click"): [later._id], (stop._id, "click"): sorted([job._id, later._id])}
    assert any(fn.trigger_only_on_failure and "broke off" in fn.js for fn in demo.fns.values() if fn.js)
    stopped = [fn.js for fn in demo.fns.values() if fn.js and STOPPED in fn.js]
    assert len(stopped) == 2 and "broke off" in stopped[0]  # what was stopped is not said to have failed
    pressed = f"(window.stoppedJobs ??= {{}})[{stop._id}] ="
    assert f"{pressed} false" in start.js
    assert [fn.targets[0] for fn in demo.fns.values() if fn.js and f"{pressed} true" in fn.js] == [(stop._id, "click")]
