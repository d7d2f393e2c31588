"""Signed clips whose content credentials were damaged, blown up or filled with markup: the pictures are sound."""

import random
import struct
from collections.abc import Callable
from pathlib import Path

from tests.support.corpus.cases import Case, either, readable
from tests.support.corpus.encoders import encoded
from tests.support.credentials import CREATED, CUT, remote, signed

MARKUP = '<img src=x onerror=alert(1)>\u202e"\n'
SEEDS = 8


def _signed(path: Path, **changes) -> Path:
    """The good clip, signed, in a file."""
    plain = path.with_name(f"plain-{path.name}")
    plain.write_bytes(encoded())
    try:
        return signed(plain, path, **changes)
    finally:
        plain.unlink()


def _remote(path: Path) -> None:
    plain = path.with_name(f"plain-{path.name}")
    plain.write_bytes(encoded())
    remote(plain, path)
    plain.unlink()


def _changed(change: Callable[[bytearray, int, int], bytes], **changes) -> Callable[[Path], object]:
    """Writes a signed clip after `change`, which gets its bytes and where the credentials begin and end."""

    def write(path: Path) -> None:
        content = bytearray(_signed(path, **changes).read_bytes())
        start = content.index(b"uuid") - 4
        (length,) = struct.unpack_from(">I", content, start)
        path.write_bytes(change(content, start, start + length))

    return write


def _flipped(seed: int) -> Callable[[bytearray, int, int], bytes]:
    def change(content: bytearray, start: int, end: int) -> bytes:
        rng = random.Random(seed)
        for _ in range(16):
            content[rng.randrange(start + 8, end)] ^= 1 << rng.randrange(8)
        return content

    return change


def _longer_than_it_is(content: bytearray, start: int, end: int) -> bytes:
    """The first box inside of the credentials claims two gigabytes."""
    struct.pack_into(">I", content, content.index(b"jumb", start, end) - 4, 2**31)
    return content


def _nothing_but_zeros(content: bytearray, start: int, end: int) -> bytes:
    content[start + 24 : end] = bytes(end - start - 24)
    return content


def _nested(content: bytearray, start: int, end: int) -> bytes:
    """Boxes in boxes, fifty thousand deep, in the place of the first one."""
    first = content.index(b"jumb", start, end) - 4
    for depth in range(min(50_000, (end - first) // 8)):
        struct.pack_into(">I4s", content, first + 8 * depth, end - first - 8 * depth, b"jumb")
    return content


def signed_clips() -> list[Case]:
    """Whatever their credentials are, these clips are judged as others are."""
    many = (CREATED, *(CUT | {"description": f"step {i}"} for i in range(2000)))
    vast = {"action": "c2pa.edited", "description": "x" * 400_000, "softwareAgent": MARKUP}
    return [
        readable("signed.mp4", _signed),
        readable("signed-elsewhere.mp4", _remote),
        readable(
            "signed-with-markup.mp4",
            lambda path: _signed(path, title=MARKUP, actions=(CREATED | {"description": MARKUP},)),
        ),
        readable("signed-with-400-kb-of-text.mp4", lambda path: _signed(path, actions=(CREATED, vast))),
        readable("signed-with-2000-edits.mp4", lambda path: _signed(path, actions=many)),
        readable("signed-longer-than-it-is.mp4", _changed(_longer_than_it_is)),
        readable("signed-with-zeros.mp4", _changed(_nothing_but_zeros)),
        readable("signed-boxes-in-boxes.mp4", _changed(_nested, actions=(CREATED, vast))),
        *(either(f"signed-flipped-{seed}.mp4", _changed(_flipped(seed))) for seed in range(SEEDS)),
    ]
