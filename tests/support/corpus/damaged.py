"""Clips cut short, with a header that lies, or with bits turned: most cannot be read, none may do harm."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import av

from tests.support.clips import frameless, sound_only
from tests.support.corpus.cases import Case, either, readable, refused
from tests.support.corpus.encoders import content_of, encode_picture, encoded

FLIPS = 24  # seeds
BOMBS = (20_000_000, 60_000_000)  # entries of an index that a few bytes declare; each takes 72 bytes while FFmpeg reads


def _writer(make: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(make())


def _cut(share: float, container: str = "mp4", movflags: str = "+faststart") -> bytes:
    content = encoded(container, movflags)
    return content[: int(len(content) * share)]


def _first_frame_ends() -> int:
    """The place in the good clip, whose index stands first, where its first picture is whole."""
    content = encoded()
    (size,) = struct.unpack_from(">I", content, content.index(b"stsz") + 16)
    return content.index(b"mdat") + 4 + size


def _truncated() -> list[Case]:
    """Ten places where the index stands first, six where it stands last, four of a container without an index."""
    cases = []
    for place in range(10):
        cut = partial(_cut, (place + 0.5) / 10)
        if len(cut()) > _first_frame_ends():
            cases.append(readable(f"truncated-{place}.mp4", _writer(cut), frames=(1, 8)))
        else:
            cases.append(refused(f"truncated-{place}.mp4", _writer(cut)))
    for place in range(6):
        cut = partial(_cut, (place + 0.5) / 6, movflags="")
        cases.append(refused(f"truncated-in-front-of-its-index-{place}.mp4", _writer(cut)))
    for share in (0.5, 0.7, 0.9):
        cut = partial(_cut, share, container="matroska")
        cases.append(readable(f"truncated-at-{share}.mkv", _writer(cut), frames=(1, 8)))
    return [*cases, refused("truncated-at-0.1.mkv", _writer(partial(_cut, 0.1, container="matroska")))]


def _boxes_lost() -> list[Case]:
    def without(box: bytes) -> bytes:
        return encoded().replace(box, b"lost", 1)

    def header_only() -> bytes:
        return encoded()[: encoded().index(b"mdat") - 4]

    return [
        refused("no-index.mp4", _writer(partial(without, b"moov")), "cannot be read"),
        refused("no-track.mp4", _writer(partial(without, b"trak")), "no video"),
        refused("no-sample-table.mp4", _writer(partial(without, b"stbl"))),
        refused("no-sizes.mp4", _writer(partial(without, b"stsz"))),
        refused("no-pictures.mp4", _writer(header_only)),
        refused("no-frames.mkv", frameless, "holds no frames"),
        refused("sound-only.mp4", sound_only, "only audio"),
        refused("sound-named.mp4", _writer(_wave), "cannot be read"),
        refused("only-the-first-box.mp4", _writer(lambda: encoded()[:32])),
        refused("nothing.mp4", _writer(bytes)),
        refused("one-byte.mp4", _writer(lambda: b"\0")),
    ]


def _wave() -> bytes:
    """A tenth of a second of silence as a WAV file."""
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 8000, 16000, 2, 16)
    return b"RIFF" + struct.pack("<I", 1636) + b"WAVE" + form + struct.pack("<4sI", b"data", 1600) + bytes(1600)


def _poked(box: bytes, offset: int, value: bytes, content: bytes | None = None) -> bytes:
    """The good clip with `value` written `offset` bytes after the first name of that box."""
    poked = bytearray(content or encoded())
    start = poked.index(box) + 4 + offset
    poked[start : start + len(value)] = value
    return bytes(poked)


def _all_durations(units: int) -> bytes:
    """The film, the track and its pictures claim that long a duration; the frames' own times stay."""
    content = encoded()
    for box, offset in ((b"mvhd", 16), (b"tkhd", 20), (b"mdhd", 16)):
        content = _poked(box, offset, struct.pack(">I", units), content)
    return content


def _bomb(entries: int) -> bytes:
    """An index of many millions of one-byte frames, in the 36 bytes that declare them."""
    content = _poked(b"stsz", 4, struct.pack(">II", 1, entries))
    content = _poked(b"stsc", 4, struct.pack(">IIII", 1, 1, entries, 1), content)
    return _poked(b"stts", 4, struct.pack(">III", 1, entries, 512), content)


def _packed_index() -> bytes:
    """A compressed index (cmov) that claims to unfold to 1.9 GB."""
    packed = struct.pack(">I", 1_900_000_000) + zlib.compress(bytes(1_000_000))
    inner = _box(b"cmov", _box(b"dcom", b"zlib") + _box(b"cmvd", packed))
    return _box(b"ftyp", b"qt  \0\0\0\0qt  ") + _box(b"moov", inner)


def _box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), name) + content


def _nested() -> bytes:
    """Ten thousand boxes, one in the other."""
    depth = 10_000
    boxes = b"".join(struct.pack(">I4s", 8 * (depth - level), b"moov") for level in range(depth))
    return _box(b"ftyp", b"isom\0\0\0\0isom") + boxes


def _gif_size(side: int) -> bytes:
    content = content_of(encode_picture, count=2, codec="gif", container="gif", pixels="bgr8")
    return content[:6] + struct.pack("<HH", side, side) + content[10:]


def _avi_size(side: int) -> bytes:
    content = content_of(encode_picture, count=2, codec="mjpeg", container="avi", pixels="yuvj420p")
    return _poked(b"strf", 8, struct.pack("<II", side, side), content)


def _lying_headers() -> list[Case]:
    huge, most = struct.pack(">HH", 16384, 16384), b"\x7f\xff\xff\xff"
    return [
        refused("claims-16384x16384.gif", _writer(partial(_gif_size, 16384)), "claims-16384x16384.gif"),
        refused("claims-65535x65535.gif", _writer(partial(_gif_size, 65535)), "claims-65535x65535.gif"),
        readable("claims-16384x16384.avi", _writer(partial(_avi_size, 16384)), frames=(2, 2)),  # each picture knows
        either("claims-16384x16384.mp4", _writer(partial(_poked, b"avc1", 24, huge))),
        readable("claims-24-days.mp4", _writer(partial(_all_durations, 0x7FFFFFFF))),
        readable("claims-no-time.mp4", _writer(partial(_all_durations, 0))),
        refused("frames-a-day-apart.mp4", _writer(partial(_poked, b"stts", 12, most)), "over the limit"),
        either("frames-at-one-time.mp4", _writer(partial(_poked, b"stts", 12, bytes(4)))),
        either("a-clock-of-zero.mp4", _writer(partial(_poked, b"mdhd", 12, bytes(4)))),
        *(refused(f"an-index-of-{entries}.mp4", _writer(partial(_bomb, entries))) for entries in BOMBS),
        refused("a-packed-index-that-explodes.mov", _writer(_packed_index)),
        refused("frames-beyond-the-end.mp4", _writer(partial(_poked, b"stco", 8, most))),
        either("frames-without-a-size.mp4", _writer(partial(_poked, b"stsz", 4, struct.pack(">II", 0, 0x7FFFFFFF)))),
        either("a-box-without-an-end.mp4", _writer(partial(_poked, b"moov", -8, bytes(4)))),
        refused("a-box-of-eight-exabytes.mp4", _writer(lambda: b"\0\0\0\1ftyp" + most + most + encoded()[16:])),
        refused("boxes-in-boxes.mp4", _writer(_nested)),
        either("no-decoder-setup.mp4", _writer(partial(_poked, b"avcC", 0, bytes(40)))),
        either("an-unknown-codec.mp4", _writer(partial(_poked, b"avc1", -4, b"zzzz"))),
    ]


def _holed(first: int, count: int) -> bytes:
    """The good clip with `count` of its frames, from `first` on, overwritten by zeros."""
    content = bytearray(encoded())
    with av.open(io.BytesIO(content)) as clip:
        frames = [(packet.pos, packet.size) for packet in clip.demux(video=0) if packet.size]
    for start, size in frames[first : first + count]:
        content[start : start + size] = bytes(size)
    return bytes(content)


def flipped(content: bytes, seed: int) -> bytes:
    """A copy in which a few bits to one in 200 bytes are turned, anywhere."""
    rng, damaged = random.Random(seed), bytearray(content)
    for _ in range(rng.choice((3, 30, len(content) // 200))):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def _flipped(container: str, seed: int) -> bytes:
    return flipped(encoded(container), seed)


def _noise(size: int, seed: int = 0, head: bytes = b"") -> bytes:
    return head + random.Random(seed).randbytes(size)


def _at_random() -> list[Case]:
    flips = [either(f"flipped-{seed:02}.mp4", _writer(partial(_flipped, "mp4", seed))) for seed in range(FLIPS)]
    flips += [either(f"flipped-{seed}.mkv", _writer(partial(_flipped, "matroska", seed))) for seed in range(4)]
    flips += [either(f"flipped-{seed}.ts", _writer(partial(_flipped, "mpegts", seed))) for seed in range(4)]
    heads = {
        "mp4": encoded()[:32],
        "mkv": encoded("matroska")[:64],
        "ts": b"\x47\x40\x11\x10",
        "avi": b"RIFF\xff\xff\0\0AVI ",
    }
    return [
        *flips,
        readable("holed-in-the-middle.mp4", _writer(partial(_holed, 20, 3)), frames=(6, 8)),  # of 50
        readable("holed-behind-the-first-frame.mp4", _writer(partial(_holed, 1, 1)), frames=(6, 8)),
        *(refused(f"noise-{seed}.mp4", _writer(partial(_noise, 100_000, seed))) for seed in range(4)),
        *(refused(f"noise-behind-a-head.{kind}", _writer(partial(_noise, 100_000, 9, h))) for kind, h in heads.items()),
        refused("ten-megabytes-of-nothing.mp4", _writer(lambda: bytes(10_000_000))),
        refused(
            "over-the-limit-of-bytes.mp4", _writer(lambda: encoded() + bytes(50_000_000)), "over the limit of 50 MB"
        ),
    ]


def damaged_clips() -> list[Case]:
    """All of them, unwritten."""
    return [*_truncated(), *_boxes_lost(), *_lying_headers(), *_at_random()]
