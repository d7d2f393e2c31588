import numpy as np
import pytest

from train.dataset.clips import LIVE_SWAPS, Clip
from train.evaluation.elsewhere import detection_rate, measure_group, one_class_sources, scope_of


def clip(family: str, source: str = "a/b", pair: str = "1") -> Clip:
    return Clip(f"{source} {family} {pair}", int(family != "real"), family, source, "", pair, ())


GROUP = [
    clip("real", pair="1"),
    clip("real", pair="2"),
    clip("swap", pair="1"),
    clip("lipsync", pair="2"),
    clip("real", LIVE_SWAPS, "recording 1"),
    clip("swap", LIVE_SWAPS, "recording 1"),
    clip("real", "only/real"),
    clip("generated", "only/fake"),
]
P_FAKE = np.array([0.2, 0.6, 0.4, 0.5, 0.3, 0.9, 0.8, 0.1])


def test_sources_of_one_class_are_named():
    assert one_class_sources(GROUP) == ["only/fake", "only/real"]


def test_auc_by_family_is_against_all_real_clips_of_sources_with_both_classes():
    measured = measure_group(GROUP, P_FAKE, threshold=0.55)
    assert (measured["clips"], measured["real_clips"], measured["fake_clips"]) == (8, 3, 3)
    swaps = measured["families"]["swap"]  # 0.4 and 0.9 against 0.2, 0.6, 0.3
    assert (swaps["clips"], swaps["auc"]) == (2, pytest.approx(5 / 6))
    assert swaps["called_fake"] == 0.5
    assert measured["families"]["lipsync"]["auc"] == pytest.approx(2 / 3)
    assert "generated" not in measured["families"]
    assert measured["auc"] == pytest.approx((2 + 3 + 2) / 9)


def test_fakes_are_compared_with_their_own_originals():
    measured = measure_group(GROUP, P_FAKE, threshold=0.55)
    assert measured["paired"]["pairs"] == 3
    assert measured["paired"]["auc"] == pytest.approx(2 / 3)  # 0.4 over 0.2, 0.5 under 0.6, 0.9 over 0.3
    assert measured["live_swaps"] == {"pairs": 1, "auc": 1.0, "auc_interval": [1.0, 1.0]}
    assert measured["families"]["lipsync"]["paired"]["auc"] == 0.0


def test_false_alarms_count_every_source_of_real_clips():
    alarms = measure_group(GROUP, P_FAKE, threshold=0.55)["false_alarms"]
    assert (alarms["clips"], alarms["called_fake"], alarms["rate"]) == (4, 2, 0.5)
    assert alarms["by_source"] == {
        "a/b": {"clips": 2, "called_fake": 1},
        LIVE_SWAPS: {"clips": 1, "called_fake": 0},
        "only/real": {"clips": 1, "called_fake": 1},
    }


def test_real_clips_alone_have_false_alarms_only():
    measured = measure_group([clip("real"), clip("real")], np.array([0.2, 0.7]), 0.5)
    assert "auc" not in measured and "paired" not in measured
    assert measured["false_alarms"]["called_fake"] == 1


def test_fakes_alone_have_no_measure():
    assert measure_group([clip("swap")], np.array([0.2]), 0.5) == {"clips": 1, "real_clips": 0, "fake_clips": 0}


def test_detection_rate_allows_one_false_alarm_in_twenty():
    real = np.linspace(0.01, 0.20, 20)  # one in twenty may lie above: 0.20
    assert detection_rate(real, np.array([0.195, 0.5, 0.1, 0.15])) == 0.5
    assert detection_rate(real[:19], np.array([0.195, 0.185])) == 0.5  # none of 19 may: 0.19 is the highest


def test_scope_decides_from_ten_clips_on_and_by_the_interval():
    families = {
        "swap": {"clips": 12, "auc": 0.9, "auc_interval": [0.8, 0.95]},
        "lipsync": {"clips": 12, "auc": 0.6, "auc_interval": [0.45, 0.7]},
        "reenact": {"clips": 9, "auc": 0.9, "auc_interval": [0.8, 0.95]},
    }
    scope = scope_of({"real_clips": 10, "families": families})
    assert {family: of["better_than_chance"] for family, of in scope.items()} == {
        "swap": True,
        "lipsync": False,
        "reenact": None,
    }
    assert scope["swap"] == families["swap"] | {"better_than_chance": True}
    assert scope_of({"real_clips": 9, "families": families})["swap"]["better_than_chance"] is None
    assert scope_of({"clips": 3}) == {}
