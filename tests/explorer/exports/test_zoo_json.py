from dataclasses import replace

from explorer.exports.zoo_json import zoo_json
from model_zoo.guests.admission import admit
from model_zoo.guests.declared import Declared
from model_zoo.manifest import RELEASE, read_manifest
from model_zoo.zoo import BUNDLED, Zoo
from tests.support.guests import write_onnx_guest

ZOO = Zoo(RELEASE, BUNDLED, "0" * 64)


def test_variants_are_those_of_the_manifest():
    rows = zoo_json(ZOO)
    released = read_manifest(RELEASE).variants
    assert [row["name"] for row in rows] == list(released)
    pruned = next(row for row in rows if row["name"] == "lite0_kd_p35")
    assert (pruned["teacher"], pruned["alpha"], pruned["pruning"], pruned["precision"]) == ("b0", 0.25, 0.35, "float32")
    assert pruned["params"] == released["lite0_kd_p35"].params


def test_guests_follow_and_say_what_they_are(tmp_path):
    folder = write_onnx_guest(tmp_path / "tiny")
    guests, _ = admit([Declared("tiny", folder=str(folder))], tmp_path, 10**6)
    *ours, guest = zoo_json(replace(ZOO, guests=guests))
    assert {row["guest"] for row in ours} == {None}
    assert (guest["name"], guest["title"], guest["teacher"]) == ("tiny", "tiny, a guest", None)
    assert guest["guest"]["labels"] == "fake: fake (output 1); real: real (output 0)"
    assert str(tmp_path) not in str(guest)
    assert set(guest) == set(ours[0])
