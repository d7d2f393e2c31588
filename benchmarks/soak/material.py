"""Clips to be sent: each sender's own, so that an answer tells whose clip it is about."""

import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from explorer.video.examples import example_clips
from explorer.video.reader import probe, read_frames
from explorer.video.writer import ClipWriter

RATE = 25


@dataclass(frozen=True)
class Order:
    """What one sender asks for."""

    clip: Path
    frames: int
    variants: tuple[str, ...]


def portraits(folder: Path, title: str = "Forged face") -> list[np.ndarray]:
    """The pictures (480, 480, 3) uint8 of an example clip."""
    path = example_clips(folder)[title]
    info = probe(path)
    return [frame.image.copy() for frame in read_frames(path, info, info.frame_times)]


def orders(folder: Path, count: int, variants: list[str]) -> list[Order]:
    """`count` clips that differ in size, length and number of frames asked for, and share one file name."""
    pictures, made_orders = portraits(folder), []
    for index in range(count):
        path = folder / f"sender{index}" / "clip.mp4"
        path.parent.mkdir(parents=True, exist_ok=True)
        side = 240 + 4 * index
        _write(path, [cv2.resize(picture, (side, side)) for picture in pictures[: 10 + index]])
        made_orders.append(Order(path, 2 + index % 7, (variants[index % len(variants)],)))
    return made_orders


def long_clip(folder: Path, seconds: int) -> Path:
    """An example played forth and back."""
    path, pictures = folder / "long.mp4", portraits(folder)
    there_and_back = pictures + pictures[::-1]
    _write(path, [there_and_back[index % len(there_and_back)] for index in range(seconds * RATE)])
    return path


def faceless(folder: Path) -> Path:
    """A second of grey."""
    path = folder / "grey.mp4"
    _write(path, [np.full((120, 160, 3), 128, np.uint8)] * RATE)
    return path


def broken(folder: Path) -> Path:
    """Noise that calls itself a video."""
    path = folder / "noise.mp4"
    path.write_bytes(np.random.default_rng(0).bytes(20_000))
    return path


def unlike(path: Path, target: Path) -> Path:
    """A copy that holds other bytes, in a box which players skip: Gradio keeps equal uploads as one file."""
    target.write_bytes(path.read_bytes() + b"\x00\x00\x00\x18free" + os.urandom(16))
    return target


def _write(path: Path, pictures: list[np.ndarray]) -> None:
    with ClipWriter(path, RATE) as clip:
        for index, picture in enumerate(pictures):
            clip.add(index / RATE, picture)
