"""What is kept of visitors, and whose goes first."""

from types import SimpleNamespace

import gradio as gr
import pytest

from explorer import limits
from explorer.server.sessions import Sessions

RESULT = "x" * 1_000_000


@pytest.fixture(scope="module")
def demo() -> gr.Blocks:
    with gr.Blocks() as built:
        gr.Textbox()
        gr.State(None)
        gr.State({})
    built.state_session_capacity = 4
    return built


@pytest.fixture
def calls(demo) -> dict:
    """The calls at work, as the queue has them."""
    demo._queue.event_ids_to_events.clear()
    return demo._queue.event_ids_to_events


@pytest.fixture
def sessions(demo, calls) -> Sessions:
    kept = Sessions({"victim": "10.0.0.1"})
    kept.set_blocks(demo)
    return kept


def state_of(demo: gr.Blocks) -> int:
    return next(block._id for block in demo.blocks.values() if isinstance(block, gr.State))


def test_a_name_has_its_length(sessions):
    sessions["x" * limits.MAX_IDENTIFIER_CHARACTERS]
    with pytest.raises(ValueError, match="at most 64 characters"):
        sessions["x" * (limits.MAX_IDENTIFIER_CHARACTERS + 1)]
    assert len(sessions.session_data) == 1


def test_a_call_without_a_visitor_keeps_its_session_to_itself(demo, sessions, calls):
    calls["e1"] = SimpleNamespace(session_hash="e1")  # as Gradio names a call that names no session
    sessions["e1"][state_of(demo)] = RESULT
    assert sessions["e1"][state_of(demo)] == RESULT
    assert not sessions.session_data
    del calls["e1"]
    assert sessions["e1"][state_of(demo)] is None


def test_what_was_shown_is_not_kept(demo, sessions):
    session = sessions["a"]
    (box,) = (block for block in demo.blocks.values() if isinstance(block, gr.Textbox))
    session._update_value_in_config(box._id, RESULT)
    session[box._id] = box
    session._update_config(box._id)
    assert session.config_values == {}
    assert session.bytes < 100_000


def test_its_bytes_are_those_of_its_states(demo, sessions):
    session = sessions["a"]
    assert (session.bytes, session.holds_result) == (50_000, False)
    session[state_of(demo)] = RESULT
    assert session.bytes > 1_000_000 and session.holds_result
    session[state_of(demo)] = None
    assert session.bytes < 100_000 and not session.holds_result


def test_calls_without_a_result_push_nobody_out(demo, sessions):
    sessions["victim"][state_of(demo)] = RESULT
    for index in range(200):
        sessions[f"other{index}"]
    assert len(sessions.session_data) == 4
    assert sessions["victim"][state_of(demo)] == RESULT


def test_who_has_many_results_loses_them_first(demo, sessions):
    sessions["victim"][state_of(demo)] = RESULT
    for index in range(20):
        sessions.owners[f"other{index}"] = "10.0.0.2"
        sessions[f"other{index}"][state_of(demo)] = RESULT
    assert list(sessions.session_data) == ["victim", "other17", "other18", "other19"]
