import numpy as np
import pytest

from explorer.face_map.reference import read_reference
from model_zoo.manifest import read_manifest
from train import make_reference
from train.dataset.items import FAKE, REAL, Item
from train.errors import BadData


def items(*labels: int) -> list[Item]:
    return [Item(f"video{i}", label, "", b"") for i, label in enumerate(labels)]


def test_as_many_of_each_label_are_drawn_the_same_every_time():
    every = items(*[REAL, FAKE] * 10)
    picked = make_reference.chosen(every, 4)
    assert [item.label for item in picked] == [REAL] * 4 + [FAKE] * 4
    assert len({item.video for item in picked}) == 8
    assert make_reference.chosen(every, 4) == picked


def test_too_few_crops():
    with pytest.raises(BadData, match="2 crops of each label are wanted and 1 have label 1; lower --each"):
        make_reference.chosen(items(REAL, REAL, FAKE), 2)


@pytest.mark.heavy
def test_the_command_writes_what_the_variant_makes_of_validation(data, small_release, tmp_path, capsys):
    out = tmp_path / "reference.npz"
    options = {"data": data, "variant": "lite0_kd_p40", "each": 3, "release": small_release, "out": out}
    make_reference.main([word for name, value in options.items() for word in (f"--{name}", str(value))])
    found = read_reference(out)
    assert found.sha256 == read_manifest(small_release)["lite0_kd_p40"].sha256
    assert found.labels.tolist() == [REAL] * 3 + [FAKE] * 3
    assert len(found.features) == 6
    assert np.ptp(found.features) > 0
    assert "6 faces as lite0_kd_p40 sees them" in capsys.readouterr().out


def test_int8_has_no_features(data, small_release, tmp_path):
    options = ["--data", str(data), "--variant", "lite0_kd_p40_int8", "--each", "1", "--release", str(small_release)]
    with pytest.raises(SystemExit, match="error: lite0_kd_p40_int8 is a graph that gives no features"):
        make_reference.main([*options, "--out", str(tmp_path / "no.npz")])
