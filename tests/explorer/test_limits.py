"""The limits in words."""

import pytest

from explorer import limits


def test_the_limits_are_one_sentence_for_people():
    assert limits.describe().startswith(
        "Clips up to 50 MB, 120 s, 8.3 megapixels a frame, 14,400 frames and 8 streams; "
        "pictures up to 50 megapixels; 1 to 300 frames analysed, 60 s a job. 20 jobs may wait"
    )


def test_the_sentence_follows_the_limits(monkeypatch):
    monkeypatch.setattr(limits, "MAX_SECONDS", 7)
    assert "50 MB, 7 s, 8.3 megapixels" in limits.describe()


@pytest.mark.parametrize("text", ["many", "1e6", "-1", ""])
def test_a_limit_that_is_no_number_is_one_sentence(monkeypatch, text):
    monkeypatch.setenv("EXPLORER_MAX_QUEUE", text)
    words = f"EXPLORER_MAX_QUEUE is '{text}', which is no whole number; the default is 20"
    with pytest.raises(SystemExit, match=words):
        limits._limit("MAX_QUEUE", 20)
