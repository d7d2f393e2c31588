"""What the web and cheap cameras do to a face: one draw for a pair, so that quality never tells the label."""

from collections.abc import Callable
from fractions import Fraction
from functools import partial

import av
import cv2
import numpy as np

Step = Callable[[np.ndarray], np.ndarray]  # (N, S, S, 3) uint8 -> (N, S, S, 3) uint8

SCALERS = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_AREA)
PRESETS = ("ultrafast", "superfast", "veryfast")
CRF = (18, 38)
JPEG_QUALITY = (35, 96)


def ordinary(rng: np.random.Generator) -> list[Step]:
    """Resizing, blur, noise, colour, H.264 and JPEG, each drawn or not."""
    steps: list[Step] = []
    if rng.random() < 0.35:
        steps.append(partial(recoloured, matrix=_colours(rng)))
    if rng.random() < 0.5:
        steps.append(partial(resized, share=rng.uniform(0.35, 0.95), back=int(rng.choice(SCALERS))))
    if rng.random() < 0.15:
        steps.append(partial(blurred, sigma=rng.uniform(0.3, 1.4)))
    if rng.random() < 0.2:
        steps.append(partial(noisy, sigma=rng.uniform(1, 9), seed=int(rng.integers(2**31))))
    return steps + _compressed(rng, 0.6, 0.5)


def hard(rng: np.random.Generator) -> list[Step]:
    """What made real clips look forged: twice compressed, shrunk far, denoised, sharpened, smoothed, gained up."""
    kind = int(rng.integers(6))
    steps: list[Step]
    if kind == 0:
        steps = [*_compressed(rng, 1, 0.3), partial(resized, share=rng.uniform(0.5, 0.95), back=cv2.INTER_CUBIC)]
    elif kind == 1:
        steps = [partial(resized, share=rng.uniform(0.2, 0.4), back=int(rng.choice(SCALERS)))]
    elif kind == 2:
        steps = [partial(smoothed, spread=rng.uniform(12, 45), reach=rng.uniform(1.5, 4))]
    elif kind == 3:
        steps = [partial(sharpened, amount=rng.uniform(0.5, 2.0), sigma=rng.uniform(0.6, 1.6))]
    elif kind == 4:
        gain = rng.uniform(0.25, 0.6)  # dark: quantised there, then gained up with its noise
        steps = [partial(gained, gain=gain), partial(noisy, sigma=rng.uniform(1, 4), seed=int(rng.integers(2**31))),
                 partial(gained, gain=rng.uniform(0.8, 1) / gain)]  # fmt: skip
    else:
        steps = [partial(resized, share=rng.uniform(0.3, 0.6), back=cv2.INTER_CUBIC),
                 partial(sharpened, amount=rng.uniform(0.5, 1.5), sigma=1.0)]  # fmt: skip
    return [*steps, *_compressed(rng, 0.7, 0.4)]


def applied(steps: list[Step], crops: np.ndarray) -> np.ndarray:
    """The crops (N, S, S, 3) uint8 after all steps."""
    for step in steps:
        crops = step(crops)
    return crops


def _compressed(rng: np.random.Generator, video: float, picture: float) -> list[Step]:
    steps: list[Step] = []
    if rng.random() < video:
        crf, preset = int(rng.integers(CRF[0], CRF[1] + 1)), str(rng.choice(PRESETS))
        steps.append(partial(h264, crf=crf, preset=preset, shift=tuple(rng.integers(-2, 3, 2).tolist())
                             if rng.random() < 0.3 else None))  # fmt: skip
    if rng.random() < picture:
        steps.append(partial(jpeg, quality=int(rng.integers(*JPEG_QUALITY))))
    return steps


def _colours(rng: np.random.Generator) -> np.ndarray:
    """An affine map (3, 4) of colours: saturation, contrast, brightness and white balance."""
    grey = np.array([0.299, 0.587, 0.114])
    saturation, contrast = rng.uniform(0.0 if rng.random() < 0.1 else 0.6, 1.25), rng.uniform(0.75, 1.25)
    matrix = contrast * (saturation * np.eye(3) + (1 - saturation) * grey)
    shift = 128 * (1 - contrast) + rng.uniform(-25, 25) + rng.uniform(-8, 8, 3)
    return np.column_stack([matrix, shift])


def recoloured(crops: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Colours mapped by an affine matrix (3, 4)."""
    return np.stack([cv2.transform(crop, matrix) for crop in crops])


def resized(crops: np.ndarray, share: float, back: int) -> np.ndarray:
    """Shrunk to this share of the side and grown again."""
    side = crops.shape[1]
    small = max(round(side * share), 8)
    shrunk = [cv2.resize(crop, (small, small), interpolation=cv2.INTER_AREA) for crop in crops]
    return np.stack([cv2.resize(crop, (side, side), interpolation=back) for crop in shrunk])


def blurred(crops: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur, `sigma` in pixels."""
    return np.stack([cv2.GaussianBlur(crop, (0, 0), sigma) for crop in crops])


def sharpened(crops: np.ndarray, amount: float, sigma: float) -> np.ndarray:
    """Unsharp mask."""
    return np.stack([cv2.addWeighted(crop, 1 + amount, cv2.GaussianBlur(crop, (0, 0), sigma), -amount, 0)
                     for crop in crops])  # fmt: skip


def smoothed(crops: np.ndarray, spread: float, reach: float) -> np.ndarray:
    """Skin smoothed or noise removed by a bilateral filter; `spread` in grey levels, `reach` in pixels."""
    return np.stack([cv2.bilateralFilter(crop, 5, spread, reach) for crop in crops])


def gained(crops: np.ndarray, gain: float) -> np.ndarray:
    """Brightness multiplied, rounded and cut off."""
    return np.stack([cv2.convertScaleAbs(crop, alpha=gain) for crop in crops])


def noisy(crops: np.ndarray, sigma: float, seed: int) -> np.ndarray:
    """Gaussian grain of `sigma` grey levels."""
    grain = np.random.default_rng(seed).standard_normal(crops.shape, np.float32)
    return np.stack([cv2.add(crop, sigma * own, dtype=cv2.CV_8U) for crop, own in zip(crops, grain, strict=True)])


def jpeg(crops: np.ndarray, quality: int) -> np.ndarray:
    """Compressed as JPEG and read again."""
    options = (cv2.IMWRITE_JPEG_QUALITY, quality)
    encoded = [cv2.imencode(".jpg", cv2.cvtColor(crop, cv2.COLOR_RGB2BGR), options)[1] for crop in crops]
    return np.stack([np.asarray(cv2.imdecode(picture, cv2.IMREAD_COLOR_RGB)) for picture in encoded])


def h264(crops: np.ndarray, crf: int, preset: str, shift: tuple[int, int] | None = None) -> np.ndarray:
    """Encoded as H.264 and decoded again, the crops side by side in one picture, so that both share every decision.

    With `shift`, as the second frame, predicted from a first that is moved by so many pixels.
    """
    sheet = np.ascontiguousarray(np.concatenate(list(crops), axis=1))
    sheets = [sheet] if shift is None else [np.roll(sheet, shift, (0, 1)), sheet]
    encoder = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height, encoder.pix_fmt = sheet.shape[1], sheet.shape[0], "yuv420p"
    encoder.time_base, encoder.thread_count = Fraction(1, 25), 1
    encoder.options = {"preset": preset, "crf": str(crf), "tune": "zerolatency", "g": "25"}
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    frames = []
    for index, picture in enumerate(sheets):
        frame = av.VideoFrame.from_ndarray(
            cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420).astype(np.uint8, copy=False), format="yuv420p"
        )
        frame.pts = index
        for packet in encoder.encode(frame):
            frames += decoder.decode(packet)
    for packet in encoder.encode(None):
        frames += decoder.decode(packet)
    frames += decoder.decode(None)
    decoded = cv2.cvtColor(frames[-1].to_ndarray(), cv2.COLOR_YUV2RGB_I420)  # swscale starts threads for each frame
    return np.stack(np.split(decoded, len(crops), axis=1))
