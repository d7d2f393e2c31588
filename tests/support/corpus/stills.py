"""Photos and animations as people and attackers send them: in every format, turned, deep, transparent, cut short."""

import io
import random
import struct
import zlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms

from tests.support.clips import picture
from tests.support.corpus.cases import Case, either, readable, refused

STORED: dict[int, Callable[[np.ndarray], np.ndarray]] = {  # EXIF orientation -> the upright picture as it is stored
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.transpose(1, 0, 2),
    6: np.rot90,
    7: lambda image: np.rot90(image, 2).transpose(1, 0, 2),
    8: lambda image: np.rot90(image, 3),
}
KINDS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "avif": "AVIF"}
FINE: dict[str, Any] = {"quality": 95}


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """A picture's file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **({} if kind == "PNG" else FINE) | options)
    return buffer.getvalue()


def photo(kind: str = "JPEG", orientation: int | None = None, **options: Any) -> bytes:
    """picture() as a file, stored as a camera that was held that way does."""
    image = Image.fromarray(np.ascontiguousarray(STORED[orientation](picture()) if orientation else picture()))
    if orientation:
        exif = Image.Exif()
        exif[0x0112] = orientation
        options["exif"] = exif
    return encoded(image, kind, **options)


def animation(kind: str, milliseconds: Sequence[int] = (40, 160, 300), **options: Any) -> bytes:
    """picture(), and its like a shade darker, each shown for so long."""
    frames = [Image.fromarray((picture() * (1 - 0.02 * i)).astype(np.uint8)) for i in range(len(milliseconds))]
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=list(milliseconds), **options)


def deep_png(colours: str = "rgb") -> bytes:
    """picture() with 16 bits a channel, which Pillow cannot write in colour: grey, or RGB."""
    image = picture().astype(">u2") * 257
    stored = image if colours == "rgb" else image[:, :, :1]
    rows = b"".join(b"\0" + row.tobytes() for row in stored)
    height, width, channels = stored.shape
    head = struct.pack(">IIBBBBB", width, height, 16, 2 if channels == 3 else 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def clear_png() -> bytes:
    """picture(), its grey half transparent with black behind: what is seen stands on white."""
    image = np.dstack([picture(), np.full((64, 96), 255, np.uint8)])
    grey = (image[:, :, :3] == 128).all(2)
    image[grey] = 0
    return encoded(Image.fromarray(image), "PNG")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _claims(width: int, height: int) -> bytes:
    """A PNG whose head states a size of which nothing follows."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(bytes(1000)))


def _text_bomb() -> bytes:
    """A PNG whose text unfolds to 200 MB."""
    bomb = b"Comment\0\0" + zlib.compress(bytes(200_000_000), 9)
    good = photo("PNG")
    return good[:33] + _chunk(b"zTXt", bomb) + good[33:]


def _writer(make: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(make())


def _flipped(kind: str, seed: int) -> bytes:
    content, rng = bytearray(photo(kind)), random.Random(seed)
    for _ in range(8):
        content[rng.randrange(16, len(content))] ^= 1 << rng.randrange(8)
    return bytes(content)


def _heic() -> bytes:
    """The head of a HEIC photo."""
    return struct.pack(">I", 24) + b"ftypheic\0\0\0\0mif1heic" + bytes(200)


def stills() -> list[Case]:
    """All cases."""
    rgb = Image.fromarray(picture())
    one: dict[str, Any] = {"frames": (1, 1)}
    whole: dict[str, Any] = one | {"shows_picture": True}
    moving: dict[str, Any] = {"frames": (3, 3), "shows_picture": True}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = [
        readable(f"turned-{o}.{end}", _writer(partial(photo, KINDS[end], o)), **whole)
        for o in STORED
        for end in ("jpg", "png")
    ]
    return [
        *(readable(f"photo.{end}", _writer(partial(photo, kind)), **whole) for end, kind in KINDS.items()),
        *(readable(f"photo-{kind}.mp4", _writer(partial(photo, kind)), **whole) for kind in KINDS.values()),
        *turned,
        *(readable(f"moving.{end}", _writer(partial(animation, KINDS[end])), **moving)
          for end in ("png", "webp", "avif")),
        readable("progressive.jpg", _writer(partial(photo, progressive=True)), **whole),
        readable("with-profile.jpg", _writer(partial(photo, icc_profile=profile)), **whole),
        readable("with-broken-profile.jpg", _writer(partial(photo, icc_profile=bytes(200))), **whole),
        readable("cmyk.jpg", _writer(lambda: encoded(rgb.convert("CMYK"), "JPEG")), **one),
        readable("grey.jpg", _writer(lambda: encoded(rgb.convert("L"), "JPEG")), **one),
        readable("palette.png", _writer(lambda: encoded(rgb.quantize(16), "PNG")), **whole),
        readable("16-bit.png", _writer(deep_png), **whole),
        readable("16-bit-grey.png", _writer(partial(deep_png, "grey")), **one),
        readable("clear.png", _writer(clear_png), **whole),
        readable("one-pixel.png", _writer(lambda: encoded(Image.new("RGB", (1, 1)), "PNG")), (1, 1), **one),
        refused("photo.heic", _writer(_heic), "HEIC"),
        refused("vast.png", _writer(partial(_claims, 65_535, 65_535)), "over the limit"),
        refused("vaster.png", _writer(partial(_claims, 2**31 - 1, 2**31 - 1)), "over the limit"),
        refused("hollow.png", _writer(partial(_claims, 4000, 4000)), "cannot be read"),
        refused("endless-text.png", _writer(_text_bomb), "cannot be read"),
        refused("lasts-for-ever.webp", _writer(partial(animation, "WEBP", (100_000, 100_000))), "over the limit"),
        *(refused(f"cut.{end}", _writer(lambda k=kind: photo(k)[:-60])) for end, kind in KINDS.items()),
        *(refused(f"head-only.{end}", _writer(lambda k=kind: photo(k)[:40])) for end, kind in KINDS.items()),
        *(either(f"flipped-{seed}.{end}", _writer(partial(_flipped, KINDS[end], seed)))
          for seed in range(4) for end in ("jpg", "png", "webp", "avif")),
    ]  # fmt: skip
