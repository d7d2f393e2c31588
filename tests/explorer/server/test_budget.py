"""What Gradio keeps for visitors stays within its bytes, whatever is asked for."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr
import httpx
import pytest

from explorer import limits
from explorer.server.budget import LARGE_ARGUMENTS, Budget, Holding, share_out

pytestmark = pytest.mark.heavy
KEPT = 3_000_000
ANSWER = "x" * 1_000_000


def holdings(dropped: list[str], **kept: list[int]) -> list[Holding]:
    """Of each owner so many bytes, the oldest first."""
    return [
        Holding(owner, size, float(moment), lambda name=f"{owner}{moment}": dropped.append(name))
        for owner, sizes in kept.items()
        for moment, size in enumerate(sizes)
    ]


@pytest.mark.parametrize(
    ("most", "gone"),
    [(100, []), (99, ["a0"]), (69, ["a0", "a1"]), (49, ["a0", "a1", "b0"]), (0, ["a0", "a1", "b0", "a2", "c0"])],
)
def test_who_has_most_gives_first_and_what_is_oldest(most, gone):
    dropped: list[str] = []
    share_out(holdings(dropped, a=[20, 20, 20], b=[25], c=[15]), most)
    assert dropped == gone


def test_of_ones_own_what_is_unread_goes_before_a_result():
    dropped: list[str] = []
    result = Holding("a", 10, 0.0, lambda: dropped.append("result"), True)
    unread = Holding("a", 10, 1.0, lambda: dropped.append("unread"))
    share_out([result, unread], 15)
    assert dropped == ["unread"]


@dataclass(frozen=True)
class App:
    budget: Budget
    http: httpx.Client

    def call(self, function: str, *data, **names) -> httpx.Response:
        return self.http.post(f"/call/{function}", json={"data": data} | names)

    def join(self, function: str, session: str, *data) -> httpx.Response:
        """As the page asks."""
        functions = self.budget.queue.blocks.fns
        index = next(key for key, fn in functions.items() if fn.api_name == function)
        return self.http.post("/queue/join", json={"data": data, "fn_index": index, "session_hash": session})

    def idle(self) -> None:
        while self.budget.queue.event_ids_to_events:
            time.sleep(0.01)

    @property
    def bytes(self) -> int:
        return sum(holding.bytes for holding in self.budget.holdings())


def answer() -> str:
    return ANSWER


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with pytest.MonkeyPatch.context() as patch, gr.Blocks(analytics_enabled=False) as demo:
        state, words = gr.State(None), gr.Textbox()
        gr.api(answer, api_name="answer")
        gr.Button().click(lambda words: (words * 1000, words), words, [state, words], api_name="keep")
        gr.Button().click(lambda kept: len(kept or ""), state, words, api_name="kept")
        demo.queue(max_size=20, default_concurrency_limit=None)
        budget = Budget(demo)
        patch.setattr(limits, "MAX_KEPT_BYTES", KEPT)
        budget.guard()
        _, address, _ = demo.launch(prevent_thread_lock=True, quiet=True, app_kwargs={"lifespan": budget.lifespan})
        with httpx.Client(base_url=f"{address}gradio_api", timeout=20) as http:
            yield App(budget, http)
        demo.close()


def test_unread_answers_stay_within_the_budget(app):
    for _ in range(20):
        assert app.call("answer").status_code == 200
    app.idle()
    app.budget.keep()
    assert 0 < app.bytes <= KEPT


def test_an_answer_that_is_read_leaves_nothing(app):
    event = app.call("answer").json()["event_id"]
    assert ANSWER in app.http.get(f"/call/answer/{event}").text
    app.idle()
    assert event not in app.budget.sessions.session_data
    assert app.budget.mailboxes[event].bytes == 0


def test_an_answer_that_went_is_told_to_be_gone(app):
    event = app.call("answer").json()["event_id"]
    app.idle()
    app.budget._drop_box(event)
    with app.http.stream("GET", f"/call/answer/{event}") as answer:
        assert next(answer.iter_lines()) == "event: error"


def test_results_stay_within_the_budget_and_the_last_is_there(app):
    for index in range(10):
        assert app.join("keep", f"visitor{index}", "x" * 1000).status_code == 200
        app.idle()
        app.budget.keep()
        assert app.bytes <= KEPT
    app.join("kept", "visitor9", None)
    answer = app.http.get("/queue/data", params={"session_hash": "visitor9"}).text
    assert "1000000" in answer


def test_calls_without_a_visitor_take_nobodys_result(app):
    app.join("keep", "victim", "x" * 1000)
    app.idle()
    for _ in range(110):
        while app.call("answer").status_code == 503:
            time.sleep(0.01)
    app.idle()
    assert "victim" in app.budget.sessions.session_data


def test_names_are_short_and_arguments_small(app):
    long = app.join("kept", "x" * (limits.MAX_IDENTIFIER_CHARACTERS + 1))
    assert long.status_code == 400 and "at most 64 characters" in long.text
    large = app.join("keep", "somebody", [[] for _ in range(100_000)])
    assert (large.status_code, large.json()["detail"]) == (400, LARGE_ARGUMENTS)


def test_nothing_is_remembered_of_who_is_gone(app, monkeypatch):
    monkeypatch.setattr(limits, "MAX_UNREAD_SECONDS", -1)
    app.call("answer")
    app.idle()
    app.budget.keep()
    queue = app.budget.queue
    assert not any(box.bytes for box in app.budget.mailboxes.values())
    assert queue.pending_event_ids_session.keys() <= app.budget.mailboxes.keys()
    assert app.budget.owners.keys() <= app.budget.mailboxes.keys() | app.budget.sessions.session_data.keys()
