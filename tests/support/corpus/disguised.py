"""Other things named .mp4, and clips whose names play tricks."""

import io
import random
import zipfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from tests.support.clips import grey_ramp
from tests.support.corpus.cases import Case, readable, refused
from tests.support.corpus.encoders import encode_picture, encoded, times_of

DECOY = "decoy.mp4"  # a valid clip in the corpus's folder, which texts point to
FORMATS = {"tiff": "TIFF", "bmp": "BMP", "ppm": "PPM"}

# Text that makes FFmpeg open other files, were its demuxer allowed; {clip} is the decoy's path, {decoy} its name.
LISTS = {
    "playlist.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{clip}\n#EXT-X-ENDLIST\n",
    "playlist.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{clip}\n#EXT-X-ENDLIST\n",
    "playlist-of-names.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n{decoy}\n#EXT-X-ENDLIST\n",
    "playlist-of-urls.m3u8": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile://{clip}\n#EXT-X-ENDLIST\n",
    "playlist-of-joins.m3u8": "#EXTM3U\n#EXTINF:2,\nconcat:{clip}|/etc/hostname\n#EXT-X-ENDLIST\n",
    "playlist-of-parts.m3u8": "#EXTM3U\n#EXTINF:2,\nsubfile,,start,0,end,0,,:{clip}\n#EXT-X-ENDLIST\n",
    "playlist-of-the-net.m3u8": "#EXTM3U\n#EXTINF:2,\nhttp://127.0.0.1:9/clip.ts\n#EXT-X-ENDLIST\n",
    "ffconcat.mp4": "ffconcat version 1.0\nfile {decoy}\n",
    "ffconcat-of-a-path.mp4": "ffconcat version 1.0\nfile '{clip}'\nduration 2\n",
    "list.ffconcat": "ffconcat version 1.0\nfile {decoy}\n",
    "dash.mp4": '<?xml version="1.0"?>\n<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period>'
    '<AdaptationSet><Representation id="1" mimeType="video/mp4"><BaseURL>{clip}</BaseURL></Representation>'
    "</AdaptationSet></Period></MPD>",
    "session.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n",
    "references.mov": "RTSPtext\n{clip}\n",
    "script.mp4": 'FFmpegSource2("{clip}")\n',
}
OPENING = ("playlist.m3u8", "playlist-of-names.m3u8", "ffconcat.mp4", "list.ffconcat")  # those that surely would

TEXTS = {
    "page": "<!doctype html><html><body><script>alert(1)</script></body></html>",
    "drawing": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "subtitles": "1\n00:00:00,000 --> 00:00:02,000\nHello\n",
    "web-subtitles": "WEBVTT\n\n00:00.000 --> 00:02.000\nHello\n",
    "metadata": ";FFMETADATA1\ntitle=x\n",
    "json": '{"clip": true}',
    "document": "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
    "program": "MZ\x90\0\x03\0\0\0",
    "shell": "#!/bin/sh\ntouch /tmp/owned\n",
    "pickle": "cos\nsystem\n(S'true'\ntR.",
}

# What a name is about -> the file's name, and what a sentence must keep of it.
NAMES = {
    "shell": ("a;touch b;$(touch c)`touch d`|e&.mp4", "touch b"),
    "format": ("%s%n%d{0}{name}.mp4", "%s%n%d{0}"),
    "quotes": ('it\'s "quoted".mp4', "quoted"),
    "newline": ("two\nlines\r\n\tand a tab.mp4", "lines"),
    "option": ("-i.mp4", "-i.mp4"),
    "pattern": ("frame%03d[0-9]*?.mp4", "frame%03d"),
    "protocol": ("concat:a.mp4|b.mp4", "concat:a.mp4"),
    "markup": ("<img src=x onerror=alert(1)>.mp4", "onerror"),
    "hidden": (".hidden", ".hidden"),
    "backslashes": ("..\\..\\windows\\clip.mp4", "clip.mp4"),
    "unicode": ("Ünïcødé 视频 🎬 עברית.mp4", "视频"),
    "turned": ("clip\u202e4pm.exe", "clip"),
    "escapes": ("\x1b[31mred\x07.mp4", "red"),
    "spaces": ("   .mp4", ".mp4"),
    "dots": ("...mp4", "mp4"),
    "long": (250 * "x" + ".mp4", 20 * "x"),
    "long-unicode": (80 * "视" + ".mp4", 10 * "视"),
}
CALLED = {
    "path": ("../../etc/passwd", "passwd"),
    "absolute": ("/etc/passwd", "passwd"),
    "emoji-250": (250 * "🎬" + ".mp4", "🎬"),
    "surrogate": ("half\ud83c.mp4", "half"),
}


def _writer(make: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(make())


def _list(path: Path, text: str) -> None:
    """A text that points to a valid clip beside it."""
    decoy = path.with_name(DECOY)
    decoy.exists() or grey_ramp(decoy, times_of(50))
    path.write_text(text.replace("{clip}", str(decoy.absolute())).replace("{decoy}", DECOY))


def _picture(kind: str, side: int = 64) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.zeros((side, side, 3), np.uint8)).save(buffer, kind)
    return buffer.getvalue()


def _zip() -> bytes:
    """A ZIP that holds a valid clip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("clip.mp4", encoded())
    return buffer.getvalue()


def _not_clips() -> list[Case]:
    return [
        *(refused(name, partial(_list, text=text), "cannot be read") for name, text in LISTS.items()),
        *(refused(f"{what}.mp4", _writer(text.encode), "cannot be read") for what, text in TEXTS.items()),
        *(refused(f"{what}.mp4", _writer(partial(_picture, kind)), "cannot be read") for what, kind in FORMATS.items()),
        refused("vast-png.mp4", _writer(partial(_picture, "PNG", 12_000)), "over the limit"),
        refused("zip.mp4", _writer(_zip), "cannot be read"),
    ]


def _names() -> list[Case]:
    """Each name once on a good clip and once on noise, whose sentence must name it."""
    good, noise = partial(encode_picture), _writer(lambda: random.Random(0).randbytes(1000))
    cases = []
    for what, (name, words) in NAMES.items():
        for write, expected, folder in ((good, "readable", "good"), (noise, "refused", "noise")):
            path, size = Path(f"{folder}-names", name), (96, 64) if expected == "readable" else None
            cases.append(Case(f"name-{what}-{folder}", path, expected, write, size, named=words))
    for what, (name, words) in CALLED.items():
        cases.append(readable(f"called-{what}-good.mp4", good, called=name))
        cases.append(refused(f"called-{what}-noise.mp4", noise, called=name, named=words))
    return cases


def disguised_files() -> list[Case]:
    """All of them, unwritten."""
    return [*_not_clips(), *_names()]
