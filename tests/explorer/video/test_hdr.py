import av
import numpy as np
import pytest

from explorer.video.hdr import HLG, PQ, CubeMapper, needs_mapping, to_bt709

BT709, BT2020, P3 = 1, 9, 12


def grey(signal: float, transfer: int) -> float:
    channels = to_bt709(np.full(3, signal), transfer, BT2020)
    assert np.ptp(channels) < 1e-3  # grey stays grey
    return float(channels[0])


def test_pq_up_to_diffuse_white_keeps_its_light_and_brighter_is_white():
    assert grey(0.0, PQ) == 0
    assert grey(0.508078, PQ) == pytest.approx((100 / 203) ** (1 / 2.4), abs=1e-3)  # 100 cd/m2, ST 2084
    assert grey(0.580689, PQ) == pytest.approx(1, abs=1e-3)  # 203 cd/m2
    assert grey(0.751827, PQ) == pytest.approx(1) and grey(1.0, PQ) == pytest.approx(1)
    # 406, 203 and 101.5 cd/m2, as 4 to 2 to 1, are dimmed together; of primaries that are BT.709's already
    bright = to_bt709(np.array([0.654176, 0.580689, 0.509573]), PQ, BT709)
    assert bright == pytest.approx([1, 0.5 ** (1 / 2.4), 0.25 ** (1 / 2.4)], abs=2e-3)


def test_hlg_is_shown_by_a_display_of_1000_nits():
    assert grey(0.0, HLG) == 0
    assert grey(0.5, HLG) == pytest.approx((1000 / 203 * (1 / 12) ** 1.2) ** (1 / 2.4), abs=1e-3)
    assert grey(0.75, HLG) == pytest.approx(1, abs=2e-3)  # BT.2408: 75 % of HLG is 203 cd/m2
    assert grey(1.0, HLG) == pytest.approx(1, abs=1e-3)


def test_wide_gamuts_become_bt709():
    for primaries in (BT2020, P3):
        assert to_bt709(np.array([1.0, 1.0, 1.0]), 1, primaries) == pytest.approx([1, 1, 1], abs=1e-3)
        assert to_bt709(np.array([0.0, 1.0, 0.0]), 1, primaries) == pytest.approx([0, 1, 0])  # out of reach
    # BT.2087's matrix: 0.5 of BT.2020's red in linear light is 0.8302 of BT.709's, and less than nothing of the rest
    red = to_bt709(np.array([0.5 ** (1 / 2.4), 0.0, 0.0]), 1, BT2020)
    assert red == pytest.approx([0.8302 ** (1 / 2.4), 0, 0], abs=1e-3)


def test_only_what_needs_it_is_mapped():
    assert needs_mapping(PQ, BT2020) and needs_mapping(HLG, 2) and needs_mapping(1, P3)
    assert not needs_mapping(1, BT709) and not needs_mapping(2, 2) and not needs_mapping(6, 6)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_the_cube_gives_what_the_formula_gives(transfer):
    rng = np.random.default_rng(0)
    mapper = CubeMapper(64, 32, transfer, BT2020)
    for _ in range(2):
        signal = rng.uniform(0.1, 0.75, (32, 64, 3))
        frame = av.VideoFrame.from_ndarray(np.rint(signal * 65535).astype(np.uint16), format="rgb48le")
        error = mapper(frame) - np.rint(255 * to_bt709(signal, transfer, BT2020))
        assert abs(error.mean()) < 0.2 and np.abs(error).mean() < 0.3  # of 255
        assert np.percentile(np.abs(error), 90) <= 1
