"""What the web does to faces, as deterministic functions of a crop: compression, scaling, blur, noise, moves."""

from collections.abc import Callable
from fractions import Fraction

import av
import cv2
import numpy as np

Corrupt = Callable[[np.ndarray], np.ndarray]  # a crop (H, W, 3) uint8 -> the same, spoilt

SHIFT = 5  # pixels of a 224 px crop, to the right and down: as far as two finders differ
JPEG_QUALITY = 50
BLUR_SIGMA = 1.5  # pixels of a 224 px crop
NOISE_SIGMA = 8.0  # grey levels
SIDE = 224  # of the crops that SHIFT and BLUR_SIGMA are meant for; others are treated in proportion


def h264(crop: np.ndarray, crf: int) -> np.ndarray:
    """The crop as a key frame of x264 at this constant rate factor (23: x264's default, 51: worst), decoded again.

    Sides are made even by repeating the last row and column, and cut off afterwards; colours are subsampled 4:2:0.
    """
    height, width = crop.shape[:2]
    even = np.pad(crop, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    encoder = av.CodecContext.create("libx264", "w")
    encoder.height, encoder.width = even.shape[:2]
    encoder.pix_fmt, encoder.framerate, encoder.thread_count = (
        "yuv420p",
        Fraction(25),
        1,
    )  # x264's threads race each other
    encoder.options = {"preset": "veryfast", "tune": "zerolatency", "crf": str(crf)}
    decoder = av.CodecContext.create("h264", "r")
    packets = [*encoder.encode(av.VideoFrame.from_ndarray(even, format="rgb24")), *encoder.encode(None)]
    frames = [frame for packet in (*packets, None) for frame in decoder.decode(packet)]
    return frames[0].to_ndarray(format="rgb24")[:height, :width]


def half_size(crop: np.ndarray) -> np.ndarray:
    """Averaged to half the sides and scaled back, cubic."""
    height, width = crop.shape[:2]
    small = cv2.resize(crop, (max(width // 2, 1), max(height // 2, 1)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def jpeg(crop: np.ndarray, quality: int = JPEG_QUALITY) -> np.ndarray:
    """The crop as JPEG of this quality, decoded again."""
    _, encoded = cv2.imencode(".jpg", np.ascontiguousarray(crop[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.ascontiguousarray(np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR))[..., ::-1])


def blur(crop: np.ndarray) -> np.ndarray:
    """A Gaussian blur of BLUR_SIGMA."""
    return cv2.GaussianBlur(crop, (0, 0), BLUR_SIGMA * crop.shape[0] / SIDE, borderType=cv2.BORDER_REPLICATE)


def noise(crop: np.ndarray) -> np.ndarray:
    """Gaussian noise of NOISE_SIGMA in each channel, the same for every crop of this size."""
    grain = np.random.default_rng(0).normal(0, NOISE_SIGMA, crop.shape)
    return np.clip(np.rint(crop + grain), 0, 255).astype(np.uint8)


def shift(crop: np.ndarray) -> np.ndarray:
    """SHIFT pixels to the right and down; what comes in repeats the edge."""
    by = round(SHIFT * crop.shape[0] / SIDE)
    return np.pad(crop, ((by, 0), (by, 0), (0, 0)), mode="edge")[: crop.shape[0], : crop.shape[1]]


def mirror(crop: np.ndarray) -> np.ndarray:
    """Left becomes right."""
    return np.ascontiguousarray(crop[:, ::-1])


CORRUPTIONS: dict[str, Corrupt] = {  # by the name under which the manifest and the reports know them
    "h264_crf23": lambda crop: h264(crop, 23),
    "h264_crf28": lambda crop: h264(crop, 28),
    "h264_crf33": lambda crop: h264(crop, 33),
    "h264_crf40": lambda crop: h264(crop, 40),
    "half_size": half_size,
    "jpeg50": jpeg,
    "blur": blur,
    "noise": noise,
    "shift": shift,
    "mirror": mirror,
}
TITLES = {
    "h264_crf23": "H.264, crf 23",
    "h264_crf28": "H.264, crf 28",
    "h264_crf33": "H.264, crf 33",
    "h264_crf40": "H.264, crf 40",
    "half_size": "half size and back",
    "jpeg50": f"JPEG, quality {JPEG_QUALITY}",
    "blur": f"Gaussian blur, {BLUR_SIGMA} px",
    "noise": f"noise, {NOISE_SIGMA:.0f} grey levels",
    "shift": f"shift by {SHIFT} px",
    "mirror": "mirrored",
}


def corrupted(crops: np.ndarray, name: str) -> np.ndarray:
    """Every crop of (N, H, W, 3) uint8 spoilt alike, by a key of CORRUPTIONS; the crops themselves stay as they are."""
    corrupt = CORRUPTIONS[name]
    return np.stack([corrupt(crop) for crop in crops]) if len(crops) else crops.copy()
