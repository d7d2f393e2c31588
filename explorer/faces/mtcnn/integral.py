"""Mean grey levels of rectangles of frames, from sums over everything above and to the left (Crow, SIGGRAPH 1984)."""

import cv2
import numpy as np


class IntegralImages:
    """Scaled copies of frames (B, H, W, 3) uint8 and of pieces of them, each pixel the mean of what it stands for.

    That is torch's adaptive average pooling, "area" interpolation: a pixel's edges are rounded outwards to whole ones.
    """

    def __init__(self, frames: np.ndarray):
        self.count, self.height, self.width = frames.shape[:3]
        self._sums = np.empty((self.count, 3, self.height + 1, self.width + 1), np.int32)  # differences survive a wrap
        for frame, sums in zip(frames, self._sums, strict=True):
            for plane, its_sums in zip(cv2.split(frame), sums, strict=True):
                cv2.integral(plane, its_sums)

    def resized(self, height: int, width: int) -> np.ndarray:
        """The frames at that size, (B, 3, height, width) float32."""
        (top, bottom), (left, right) = _edges(self.height, height), _edges(self.width, width)
        rows = self._sums.take(bottom, 2) - self._sums.take(top, 2)
        sums = rows.take(right, 3) - rows.take(left, 3)
        return sums.astype(np.float32) / np.multiply.outer(bottom - top, right - left).astype(np.float32)

    def cut(self, owners: np.ndarray, squares: np.ndarray, side: int) -> np.ndarray:
        """What lies in squares (N, 4) int xyxy of the frames `owners` (N,), (N, 3, side, side) float32."""
        sizes = squares[:, 2:] - squares[:, :2]
        left, right = (squares[:, :1] + edge for edge in _edges(sizes[:, :1], side))
        top, bottom = (squares[:, 1:2] + edge for edge in _edges(sizes[:, 1:], side))
        planes = (3 * owners[:, None] + np.arange(3)) * (self.height + 1)

        def corner(down: np.ndarray, across: np.ndarray) -> np.ndarray:
            rows = (planes[:, :, None] + down[:, None, :]) * (self.width + 1)
            return self._sums.take(rows[..., None] + across[:, None, None, :])

        sums = corner(bottom, right) - corner(top, right) - corner(bottom, left) + corner(top, left)
        areas = (bottom - top)[:, :, None] * (right - left)[:, None, :]
        return sums.astype(np.float32) / areas[:, None].astype(np.float32)


def _edges(length: int | np.ndarray, parts: int) -> tuple[np.ndarray, np.ndarray]:
    """Where `parts` equal pieces of so many pixels begin and end, rounded outwards; lengths (N, 1) give (N, parts)."""
    pieces = np.arange(parts)
    return pieces * length // parts, -(-(pieces + 1) * length // parts)
