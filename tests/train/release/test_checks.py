import json
from pathlib import Path

import pytest

from train.errors import BadRun
from train.release.checks import inspect_release

pytestmark = pytest.mark.heavy  # a release is run


def changed(release: Path, **values) -> None:
    path = release / "manifest.json"
    content = json.loads(path.read_text())
    content["variants"][0] |= values
    del content["sha256"]
    path.write_text(json.dumps(content))


def test_a_whole_release_passes(small_release):
    assert list(inspect_release(small_release).variants) == ["lite0_kd_p40", "lite0_kd_p40_int8"]


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"golden": []}, "no golden logits"),
        ({"golden": [0.0, 0.0, 0.0, 3.0]}, "p_fake of the golden crops is .* off"),
        ({"metrics": {}}, "lite0_kd_p40: no accuracy, auc, .* on validation"),
    ],
)
def test_a_release_that_is_not_whole_is_refused(small_release, values, why):
    changed(small_release, **values)
    with pytest.raises(BadRun, match=why):
        inspect_release(small_release)


def test_cards_belong_to_a_release(small_release):
    (small_release / "lite0_kd_p40" / "README.md").unlink()
    with pytest.raises(BadRun, match="no model card"):
        inspect_release(small_release)
