"""A decoded frame made the picture that a player shows: progressive, in BT.709, with square pixels, upright."""

import struct
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.sidedata.sidedata import Type
from av.video.reformatter import Colorspace, Interpolation, VideoReformatter

from explorer.cores import usable_cores
from explorer.structures import Geometry
from explorer.video.hdr import CubeMapper, needs_mapping

UNSPECIFIED = 2  # matrix coefficients (ITU-T H.273, table 4)
HD_LINES = 576  # more than these, or HD_COLUMNS: players take colours without matrix coefficients for BT.709's
HD_COLUMNS = 1280
# Colour planes are smaller than the picture, and HDR's steep curves would show the steps between their pixels.
SMOOTH_COLOURS = int(Interpolation.LANCZOS) | int(Interpolation.FULL_CHR_H_INT)
SAME_SHAPE = 0.05  # aspect ratios that differ by less are one: 704 and 720 columns of one television picture


def geometry_of(frame: av.VideoFrame, sample_aspect: Fraction | None) -> Geometry:
    """How frames like this one are shown: stretched across by `sample_aspect`, mirrored and turned by their matrix."""
    aspect = float(sample_aspect) if sample_aspect else 1.0
    width, height = max(round(frame.width * aspect), 1), frame.height
    a, b, c, d = _display_matrix(frame)
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return Geometry(width, height, aspect, False, a < 0, d < 0)
    return Geometry(height, width, aspect, True, c < 0, b < 0)


def _display_matrix(frame: av.VideoFrame) -> tuple[int, int, int, int]:
    """a, b, c, d of x' = a x + c y, y' = b x + d y, from stored to shown pixels (ISO/IEC 14496-12, 6.2.2)."""
    entries: Any = frame.side_data  # a mapping whose iteration PyAV 19 changed from values to keys
    matrix = entries.get(Type.DISPLAYMATRIX)
    if matrix is not None:
        a, b, _, c, d = struct.unpack_from("=5i", bytes(matrix))
        return a, b, c, d
    return 1, 0, 0, 1


def fitted(width: int, height: int, longest: int | None) -> tuple[int, int]:
    """A size with its longer side at most `longest` pixels, both sides even, as H.264 wants them."""
    if longest is None:
        return width, height
    scale = min(1.0, longest / max(width, height))
    return max(2 * round(width * scale / 2), 2), max(2 * round(height * scale / 2), 2)


class Renderer:
    """Frames of one clip as RGB (H, W, 3) uint8, all of the size that `geometry` says, scaled down to `longest`.

    A frame of another shape than the clip's stands in its middle, between black bars.
    """

    def __init__(self, geometry: Geometry, longest: int | None = None):
        self.geometry, self.size = geometry, fitted(geometry.width, geometry.height, longest)
        self._reformatter = VideoReformatter()
        self._mappers: dict[Any, Any] = {}

    def __call__(self, frame: av.VideoFrame) -> np.ndarray:
        stored, whole = self._stored_size(frame)
        image = self._rgb(frame, *stored)
        if stored != whole:
            image = _between_bars(image, *whole)
        if self.geometry.transposed:
            image = image.transpose(1, 0, 2)
        across, down = (-1 if flips else 1 for flips in (self.geometry.mirrored, self.geometry.flipped))
        return np.ascontiguousarray(image[::down, ::across])

    def _stored_size(self, frame: av.VideoFrame) -> tuple[tuple[int, int], tuple[int, int]]:
        """Width and height for a frame, and for the picture in which it stands, both before it is turned."""
        width, height = whole = self.size[::-1] if self.geometry.transposed else self.size
        shape = frame.width * self.geometry.sample_aspect / frame.height / (width / height)
        if abs(shape - 1) < SAME_SHAPE or min(whole) < 1 / SAME_SHAPE:
            return whole, whole
        return (max(round(width * min(shape, 1)), 1), max(round(height / max(shape, 1)), 1)), whole

    def _rgb(self, frame: av.VideoFrame, width: int, height: int) -> np.ndarray:
        transfer, primaries = int(frame.color_trc), int(frame.color_primaries)
        mapped = needs_mapping(transfer, primaries)
        grows = width > frame.width or height > frame.height
        interpolation = int(Interpolation.BICUBIC if grows else Interpolation.AREA)
        if mapped and width >= frame.width and height >= frame.height:
            interpolation = SMOOTH_COLOURS
        hd = frame.height > HD_LINES or frame.width >= HD_COLUMNS
        guessed = frame.colorspace == UNSPECIFIED and not frame.format.is_rgb and hd
        frame = self._reformatter.reformat(
            frame,
            width,
            height,
            "rgb48le" if mapped else "rgb24",
            src_colorspace=Colorspace.ITU709 if guessed else None,
            interpolation=interpolation,
            threads=min(usable_cores(), 4),
        )
        if not mapped:
            return frame.to_ndarray()
        key = width, height, transfer, primaries
        if key not in self._mappers:
            self._mappers = {key: CubeMapper(*key)}  # one at a time: each holds a thread pool
        return self._mappers[key](frame)


def _between_bars(image: np.ndarray, width: int, height: int) -> np.ndarray:
    whole = np.zeros((height, width, 3), np.uint8)
    top, left = (height - image.shape[0]) // 2, (width - image.shape[1]) // 2
    whole[top : top + image.shape[0], left : left + image.shape[1]] = image
    return whole


def deinterlaced(before: av.VideoFrame | None, frame: av.VideoFrame, after: av.VideoFrame | None) -> av.VideoFrame:
    """Both fields of `frame` as one moment, its first; what stands still beside its neighbours keeps all lines."""
    graph = av.filter.Graph()
    source = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base or Fraction(1, 25)
    )
    graph.link_nodes(source, graph.add("bwdif", "mode=send_frame:deint=all"), graph.add("buffersink")).configure()
    like = [each for each in (before, frame, after) if each and _shape(each) == _shape(frame)]
    for each in [*like, None]:
        graph.push(each)
    results = [graph.vpull() for _ in like]
    return results[next(i for i, each in enumerate(like) if each is frame)]


def _shape(frame: av.VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name
