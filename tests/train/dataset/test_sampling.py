import numpy as np
import pytest

from train.dataset.sampling import SAMPLINGS, Rule, sample_indices


def test_every():
    assert sample_indices(Rule("every", 30), 91, "a").tolist() == [0, 30, 60, 90]


def test_even_takes_the_middles_of_equal_parts():
    assert sample_indices(Rule("even", 4), 40, "a").tolist() == [5, 15, 25, 35]
    assert sample_indices(Rule("even", 40), 3, "a").tolist() == [0, 1, 2]


def test_random_depends_on_seed_and_name_only():
    first = sample_indices(Rule("random", 10), 300, "a", 0)
    assert len(set(first.tolist())) == 10 and (np.diff(first) > 0).all()
    assert first.tolist() == sample_indices(Rule("random", 10), 300, "a", 0).tolist()
    assert first.tolist() != sample_indices(Rule("random", 10), 300, "b", 0).tolist()
    assert first.tolist() != sample_indices(Rule("random", 10), 300, "a", 1).tolist()
    assert sample_indices(Rule("random", 10), 4, "a").tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", ["every", "even", "random"])
def test_no_frames_and_one_frame(kind):
    assert sample_indices(Rule(kind, 8), 0, "a").tolist() == []
    assert sample_indices(Rule(kind, 8), 1, "a").tolist() == [0]


def test_unknown_kind():
    with pytest.raises(ValueError, match="no sampling kind 'odd'"):
        sample_indices(Rule("odd", 8), 5, "a")


def test_presets():
    assert set(SAMPLINGS) == {"every-30", "40-8"}
    assert (SAMPLINGS["40-8"].of(0).number, SAMPLINGS["40-8"].of(1).number) == (40, 8)
