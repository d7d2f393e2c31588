"""The limits in words."""

from explorer import limits


def test_the_limits_are_one_sentence_for_people():
    assert limits.describe().startswith(
        "Clips up to 50 MB, 120 s, 8.3 megapixels a frame, 14,400 frames and 8 streams; 1 to 300 frames analysed, "
        "60 s a job. 20 jobs may wait"
    )


def test_the_sentence_follows_the_limits(monkeypatch):
    monkeypatch.setattr(limits, "MAX_SECONDS", 7)
    assert "50 MB, 7 s, 8.3 megapixels" in limits.describe()
