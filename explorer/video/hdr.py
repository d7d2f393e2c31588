"""High dynamic range and wide gamut brought to BT.709, as a cube of colours that FFmpeg looks up."""

from fractions import Fraction
from functools import cache

import av
import numpy as np

PQ, HLG = 16, 18  # transfer characteristics (ITU-T H.273, table 3)
WHITE_NITS = 203.0  # of diffuse white in PQ and HLG (ITU-R BT.2408, table 1): the brightest that SDR shows
HLG_PEAK_NITS = 1000.0  # of a nominal HLG display (ITU-R BT.2100, table 5)
GAMMA = 2.4  # of an SDR display (ITU-R BT.1886)
LEVEL = 10  # of the cube: LEVEL ** 2 colours a channel; with fewer, p_fake moves by 0.01 more

# x, y of red, green and blue (H.273, table 2), all with white D65
PRIMARIES = {
    1: ((0.640, 0.330), (0.300, 0.600), (0.150, 0.060)),  # BT.709
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),  # BT.2020
    12: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),  # Display P3
}
D65 = (0.3127, 0.3290)


def needs_mapping(transfer: int, primaries: int) -> bool:
    """Whether colours of these characteristics look wrong where they are taken for BT.709's."""
    return transfer in (PQ, HLG) or primaries in (9, 12)


def to_bt709(signal: np.ndarray, transfer: int, primaries: int) -> np.ndarray:
    """R'G'B' (..., 3) in [0, 1] as coded -> (..., 3) in [0, 1] as an SDR display of BT.709 wants them.

    Diffuse white becomes white. What is brighter is dimmed to its brightest channel, so that hues stay, and what
    BT.709 cannot show is clipped. Shoulders for highlights (BT.2390, Hable) change what detectors say of skin.
    """
    if transfer in (PQ, HLG) and primaries not in PRIMARIES:
        primaries = 9
    light = _light(np.asarray(signal, np.float32), transfer)
    light = np.clip(light @ _between(primaries).T.astype(np.float32), 0, None)
    light = light / np.maximum(light.max(-1, keepdims=True), 1)
    return light ** (1 / GAMMA)


def _light(signal: np.ndarray, transfer: int) -> np.ndarray:
    """What a display emits, linear, 1 for diffuse white (SDR: white)."""
    if transfer == PQ:  # SMPTE ST 2084, equation 4.1
        power = signal ** (32 / 2523)
        return (np.maximum(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (8192 / 1305) * 1e4 / WHITE_NITS
    if transfer == HLG:  # ITU-R BT.2100, table 5: inverse OETF, then the OOTF of a display of HLG_PEAK_NITS
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(signal <= 0.5, signal**2 / 3, (np.exp((signal - c) / a) + b) / 12)
        luminance = scene @ np.array([0.2627, 0.6780, 0.0593], np.float32)
        return scene * luminance[..., None] ** 0.2 * HLG_PEAK_NITS / WHITE_NITS
    return signal**GAMMA


def _between(primaries: int) -> np.ndarray:
    """The matrix (3, 3) from linear light of these primaries to that of BT.709's."""
    return np.linalg.solve(_to_xyz(1), _to_xyz(primaries if primaries in PRIMARIES else 1))


def _to_xyz(primaries: int) -> np.ndarray:
    """SMPTE RP 177: columns of red, green and blue, whose sum is white."""
    columns = np.array([(x / y, 1, (1 - x - y) / y) for x, y in PRIMARIES[primaries]]).T
    x, y = D65
    return columns * np.linalg.solve(columns, np.array([x / y, 1, (1 - x - y) / y]))


@cache
def _cube(transfer: int, primaries: int) -> np.ndarray:
    """The colours (LEVEL ** 3, LEVEL ** 3, 3) uint16 of the grid, red changing fastest: what is called a HALD.

    The upper byte of each is the rounded 8 bits.
    """
    steps = np.linspace(0, 1, LEVEL**2, dtype=np.float32)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    mapped = to_bt709(np.stack([red, green, blue], -1), transfer, primaries)
    return np.rint(mapped * 0xFF00 + 0x80).astype(np.uint16).reshape(LEVEL**3, LEVEL**3, 3)


class CubeMapper:
    """Frames in rgb48 -> (H, W, 3) uint8, by the cube of one transfer and primaries; between colours by tetrahedra."""

    def __init__(self, width: int, height: int, transfer: int, primaries: int):
        base, self._count = Fraction(1, 25), 0
        self._graph, rgb48 = av.filter.Graph(), av.VideoFormat("rgb48le")
        source = self._graph.add_buffer(width=width, height=height, format=rgb48, time_base=base)
        self._cube = av.VideoFrame.from_ndarray(_cube(transfer, primaries), format="rgb48le")
        cube = self._graph.add_buffer(width=LEVEL**3, height=LEVEL**3, format=rgb48, time_base=base)
        lookup, sink = self._graph.add("haldclut", "clut=first"), self._graph.add("buffersink")
        source.link_to(lookup)
        cube.link_to(lookup, 0, 1)
        lookup.link_to(sink)
        self._graph.configure()

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        for place, image in enumerate((frame, self._cube)):
            image.pts, image.time_base = self._count, Fraction(1, 25)
            self._graph.push(image, at=place)
        self._count += 1
        mapped: np.ndarray = self._graph.vpull().to_ndarray()
        return (mapped // 256).astype(np.uint8)
