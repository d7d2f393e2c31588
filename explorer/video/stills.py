"""Pictures read with Pillow as clips: a photo is one of a single frame, an animation keeps its frames' durations."""

import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from math import sqrt
from pathlib import Path

import numpy as np
from PIL import AvifImagePlugin, ExifTags, Image, ImageCms, MpoImagePlugin, UnidentifiedImageError, WebPImagePlugin

from explorer import limits
from explorer.errors import ClipTooLarge, UnreadableClip
from explorer.origin import Container, text_of
from explorer.structures import ClipInfo, Frame
from explorer.video.container import is_variable, software_in
from explorer.video.picture import fitted
from explorer.video.reader import check_file
from explorer.video.timeline import RATE

ADVICE = "save it as JPEG"
JPEG, PNG, WEBP, AVIF, HEIF = "JPEG", "PNG", "WEBP", "AVIF", "HEIF"
_SIGNATURES = {b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG, b"II*\0": "TIFF", b"MM\0*": "TIFF", b"BM": "BMP"}
_READ = (JPEG, PNG, WEBP, AVIF, HEIF)
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_OPENERS = {JPEG: (JPEG, MpoImagePlugin.MpoImageFile.format), HEIF: (HEIF,)}
_SCALABLE = ("RGB", "RGBA", "L", "LA", "CMYK")  # modes whose pixels may be averaged
_UNHURRIED_S = 0.1  # for which a frame is shown whose duration is 0: what browsers do
_TURNS = dict(
    zip(
        range(2, 9),
        (
            *(Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_180, Image.Transpose.FLIP_TOP_BOTTOM),
            *(Image.Transpose.TRANSPOSE, Image.Transpose.ROTATE_270, Image.Transpose.TRANSVERSE),
            Image.Transpose.ROTATE_90,
        ),
        strict=True,
    )
)
_ACROSS = set(list(_TURNS.values())[3:])  # of which width becomes height
_PROBLEMS = (OSError, SyntaxError, ValueError, EOFError, struct.error, Image.DecompressionBombError)
# What Pillow would load at the first picture is loaded now: the confined process opens no file but its clip.
Image.preinit()
_LOADED = (AvifImagePlugin, WebPImagePlugin, ImageCms)


def kind_of(path: Path) -> str | None:
    """Which picture a file holds, by its first bytes; None for anything else, GIFs included, which are clips."""
    with suppress(OSError), Path(path).open("rb") as file:
        head = file.read(64)
        if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
            return WEBP
        if head[4:8] == b"ftyp":
            brands = {head[i : i + 4] for i in (8, *range(16, min(struct.unpack(">I", head[:4])[0], 64), 4))}
            major = head[8:12]
            if major in (b"avif", b"avis") or (major in (b"mif1", b"msf1") and b"avif" in brands):
                return AVIF
            return HEIF if major in _HEIF_BRANDS else None
        return next((kind for start, kind in _SIGNATURES.items() if head.startswith(start)), None)
    return None


@cache
def reads_heif() -> bool:
    """Whether HEIC photos can be read: with pillow-heif, which is optional."""
    try:
        import pillow_heif
    except ImportError:
        return False
    pillow_heif.register_heif_opener()
    return True


@contextmanager
def _opened(path: Path, name: str) -> Iterator[Image.Image]:
    """The picture, of which nothing is decoded yet; Pillow's errors leave as UnreadableClip."""
    kind = kind_of(path)
    if kind == HEIF and not reads_heif():
        raise UnreadableClip(f"{name} is a HEIC photo, which needs pillow-heif on this server; {ADVICE}")
    if kind not in _READ:
        raise UnreadableClip(f"{name} cannot be read ({kind or 'no picture'} is not read here); {ADVICE}")
    try:
        with Image.open(path, formats=_OPENERS.get(kind, (kind,))) as image:
            width, height = image.size
            if width * height > limits.MAX_IMAGE_PIXELS:
                limit = f"{limits.MAX_IMAGE_PIXELS / 1e6:.1f} megapixels"
                raise ClipTooLarge(f"{name} is {width}x{height}, over the limit of {limit}; scale it down")
            yield image
    except Image.DecompressionBombError as error:
        raise ClipTooLarge(f"{name} is over the limit of {limits.MAX_IMAGE_PIXELS / 1e6:.1f} megapixels") from error
    except _PROBLEMS as error:
        raise UnreadableClip(f"{name} cannot be read as a picture ({_why(error)}); {ADVICE}") from error


def _why(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):  # whose own words hold the path
        return "its head is damaged"
    return text_of(getattr(error, "strerror", None) or error or type(error).__name__)


def probe(path: Path, name: str | None = None) -> ClipInfo:
    """What a picture is, as a clip; an animation is decoded once, for it states its durations frame by frame.

    Larger pictures than a clip's frames may be are scaled down to that limit. Raises UnreadableClip or ClipTooLarge.
    """
    path = Path(path)
    name = name or path.name
    check_file(path, name)
    with _opened(path, name) as image:
        width, height = _shown_size(image)
        durations = [_duration(image) for _ in _frames(image, name)] if _animated(image) else [1 / RATE]
    ends = np.cumsum(durations)
    if ends[-1] > limits.MAX_SECONDS:
        seconds = f"{ends[-1]:.0f} s, over the limit of {limits.MAX_SECONDS} s"
        raise ClipTooLarge(f"{name} lasts {seconds}; cut it shorter")
    times = np.concatenate([[0.0], ends[:-1]])
    return ClipInfo(name, float(ends[-1]), width, height, len(times) / float(ends[-1]), 0.0, times, times[:1])


def read_frames(path: Path, info: ClipInfo, times: np.ndarray, longest: int | None = None) -> Iterator[Frame]:
    """The frames at `times` (ascending, of the picture's own), upright sRGB on white, scaled as a clip's are.

    Raises UnreadableClip.
    """
    wanted = set(np.searchsorted(info.frame_times, np.asarray(times) + 1e-6, side="right") - 1)
    size = fitted(info.width, info.height, longest)
    with _opened(path, info.name) as image:
        turn = _turn(image)
        image.draft(None, (max(size), max(size)))  # a JPEG decodes to an eighth, if that is still large enough
        for index, frame in enumerate(_frames(image, info.name)):
            if index in wanted:
                lying = _srgb(frame, size[::-1] if turn in _ACROSS else size)
                upright = lying if turn is None else lying.transpose(turn)
                yield Frame(float(info.frame_times[index]), np.asarray(upright))
            if index >= max(wanted):
                return


def read_facts(path: Path, info: ClipInfo) -> Container:
    """What a picture's EXIF says of its origin. Raises UnreadableClip."""
    with _opened(path, info.name) as image:
        exif, kind = image.getexif(), str(image.format)
        details = exif.get_ifd(ExifTags.IFD.Exif)
    base = ExifTags.Base
    device = [text_of(exif[tag]).strip() for tag in (base.Make, base.Model) if exif.get(tag)]
    written = text_of(exif.get(base.Software) or "")
    gaps, created = np.diff(info.frame_times), details.get(base.DateTimeOriginal) or exif.get(base.DateTime)
    return Container(
        format=kind.lower(),
        codec=kind.lower(),
        encoder=written or None,
        created=text_of(created) if created else None,
        software=software_in(written),
        device=" ".join(device) or None,
        variable_rate=is_variable(gaps),
        lowest_fps=round(float(1 / gaps.max()), 3) if len(gaps) else None,
        highest_fps=round(float(1 / gaps.min()), 3) if len(gaps) else None,
    )


def _animated(image: Image.Image) -> bool:
    """Whether its pictures are shown one after another; those beside a JPEG's and a HEIC's are no animation."""
    return image.format in (PNG, WEBP, AVIF) and _count(image) > 1


def _count(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1)) - _first(image)


def _first(image: Image.Image) -> int:
    """The number of the first frame: an animated PNG may begin with a picture for those who cannot show the rest."""
    return int(bool(getattr(image, "default_image", False)) and int(getattr(image, "n_frames", 1)) > 1)


def _frames(image: Image.Image, name: str) -> Iterator[Image.Image]:
    """Its frames, decoded one after another into the one image."""
    count = _count(image) if _animated(image) else 1
    if count > limits.MAX_CLIP_FRAMES:
        raise ClipTooLarge(
            f"{name} holds more than {limits.MAX_CLIP_FRAMES:,} frames, which is the limit; cut it shorter"
        )
    for index in range(count):
        if count > 1:
            image.seek(_first(image) + index)
        image.load()
        yield image


def _duration(image: Image.Image) -> float:
    """How long the frame that is decoded is shown, in seconds."""
    return float(image.info.get("duration") or 0) / 1e3 or _UNHURRIED_S


def _shown_size(image: Image.Image) -> tuple[int, int]:
    """Upright width and height, no larger than a frame may be."""
    width, height = image.size
    if _turn(image) in _ACROSS:
        width, height = height, width
    scale = min(1.0, sqrt(limits.MAX_PIXELS / (width * height)))
    return max(int(width * scale), 1), max(int(height * scale), 1)


def _turn(image: Image.Image) -> Image.Transpose | None:
    """What makes the stored picture upright (EXIF 2.32, 4.6.4, Orientation)."""
    return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))


def _srgb(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The picture in RGB, of any depth and any colours, of that size, on white where it is transparent."""
    if image.mode in _SCALABLE and size != image.size:  # first: what is large is large several times over
        profile = image.info.get("icc_profile")
        image = image.resize(size, Image.Resampling.BOX)
        image.info["icc_profile"] = profile
    return _in_rgb(image).resize(size, Image.Resampling.BOX)


def _in_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I;16") or image.mode == "I":
        levels = np.asarray(image).astype(np.int64) >> 8
        return Image.fromarray(np.clip(levels, 0, 255).astype(np.uint8)).convert("RGB")
    if image.has_transparency_data:
        clear = image.convert("RGBA")
        ground = Image.new("RGB", image.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
        return ground
    if profile := image.info.get("icc_profile"):
        with suppress(ImageCms.PyCMSError, *_PROBLEMS):  # a profile that does not fit its picture is passed over
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            if managed := ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB"):
                return managed
    return image.convert("RGB")
