import hashlib

import numpy as np
import pytest

from explorer.guests.recorded import recorded
from explorer.verdicts import probabilities
from model_zoo.errors import BadGuest
from model_zoo.guests.admission import guest_of
from model_zoo.guests.declared import Declared


@pytest.fixture
def guest(tmp_path):
    clip = hashlib.sha256(b"a clip").hexdigest()
    (tmp_path / "scores.csv").write_text(f"clip_sha256,time_s,p_fake\n{clip},0,0.25\n{clip},1,1\n")
    (tmp_path / "clip.mp4").write_bytes(b"a clip")
    return guest_of(Declared("mine", folder=str(tmp_path), form="scores"), tmp_path, "")


def test_the_scores_of_a_clip_by_its_content(guest, tmp_path):
    logits, evidence = recorded(guest)(tmp_path / "clip.mp4")(np.array([0.1, 0.9]))
    np.testing.assert_allclose(probabilities(logits), [0.25, 1.0], atol=1e-6)
    assert evidence.shape == (2, 0, 0)


def test_another_clip_has_none(guest, tmp_path):
    (tmp_path / "other.mp4").write_bytes(b"another")
    with pytest.raises(BadGuest, match=r"scores.csv has no scores of this clip \(sha256 [0-9a-f]{12}\.\.\.\)"):
        recorded(guest)(tmp_path / "other.mp4")(np.array([0.0]))
