"""The table of many clips."""

from explorer.exports.scores import failed_row
from explorer.pages.components.many_table import headings, table

ROW = failed_row("a.mp4", "", ["b0"]) | {
    "verdict": "fake", "agreement": 2 / 3, "faces": 4, "verdict_b0": "real", "p_fake_b0": 0.12345, "error": None,
}  # fmt: skip


def test_what_is_judged_and_what_waits():
    shown = table([ROW], ["a.mp4", "b.mp4"], ["b0"])
    assert shown["headers"] == headings(["b0"]) == ["clip", "verdict", "agreement", "faces", "b0", "b0 p_fake", "error"]
    assert shown["data"][0] == ["a.mp4", "● fake", 0.67, 4, "○ real", 0.123, ""]
    assert shown["data"][1] == ["b.mp4", "...", None, None, None, None, ""]


def test_what_could_not_be_judged_says_why():
    (cells,) = table([failed_row("a.mp4", "a.mp4 is broken", ["b0"])], ["a.mp4"], ["b0"])["data"]
    assert cells == ["a.mp4", "not judged", None, None, "", None, "a.mp4 is broken"]
