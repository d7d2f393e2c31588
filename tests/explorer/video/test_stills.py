"""Photos and animations are clips."""

import numpy as np
import pytest
from PIL import Image

from explorer import limits
from explorer.errors import ClipTooLarge, UnreadableClip
from explorer.video import stills
from explorer.video.decoder import Decoder
from explorer.video.stills import kind_of, probe, read_facts, read_frames
from tests.support.clips import grey_ramp, picture
from tests.support.corpus.stills import KINDS, STORED, animation, clear_png, deep_png, encoded, photo


def frames_of(path, longest=None):
    info = probe(path)
    return info, [frame.image for frame in read_frames(path, info, info.frame_times, longest)]


def stored(folder, content: bytes, name="photo.jpg"):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("kind", KINDS.values())
def test_a_photo_is_a_clip_of_one_frame(tmp_path, kind):
    info, (image,) = frames_of(stored(tmp_path, photo(kind)))
    assert (info.width, info.height, info.frame_times.tolist(), info.duration_s) == (96, 64, [0.0], 1 / 25)
    assert np.abs(image.astype(int) - picture()).mean() < 3


@pytest.mark.parametrize("orientation", STORED)
def test_it_stands_upright(tmp_path, orientation):
    info, (image,) = frames_of(stored(tmp_path, photo("PNG", orientation)))
    assert (info.width, info.height) == (96, 64)
    np.testing.assert_array_equal(image, picture())


def test_deep_transparent_and_printed_colours(tmp_path):
    _, (deep,) = frames_of(stored(tmp_path, deep_png()))
    np.testing.assert_array_equal(deep, picture())
    _, (grey,) = frames_of(stored(tmp_path, deep_png("grey")))
    np.testing.assert_array_equal(grey, np.repeat(picture()[:, :, :1], 3, 2))
    _, (clear,) = frames_of(stored(tmp_path, clear_png()))
    np.testing.assert_array_equal(clear, np.where((picture() == 128).all(2, keepdims=True), 255, picture()))
    _, (printed,) = frames_of(stored(tmp_path, encoded(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "JPEG")))
    assert np.abs(printed.reshape(-1, 3).mean(0) - (255, 0, 0)).max() < 4


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "AVIF"])
def test_an_animation_keeps_its_durations(tmp_path, kind):
    info, images = frames_of(stored(tmp_path, animation(kind, (40, 160, 300))))
    np.testing.assert_allclose(info.frame_times, [0, 0.04, 0.2], atol=1e-9)
    assert info.duration_s == pytest.approx(0.5)
    assert [round(float(image[0, 50, 0])) for image in images] == pytest.approx([128, 125, 122], abs=2)


def test_the_picture_for_those_who_cannot_show_an_animation_is_no_frame_of_it(tmp_path):
    content = animation("PNG", (40, 160, 300), default_image=True)
    info, images = frames_of(stored(tmp_path, content))
    assert len(images) == len(info.frame_times) == 2
    assert images[0][0, 50, 0] == 125


def test_a_frame_that_states_no_duration_is_shown_as_long_as_browsers_do(tmp_path):
    info = probe(stored(tmp_path, animation("PNG", (0, 0))))
    np.testing.assert_allclose(info.frame_times, [0, 0.1])


def test_pixels_are_counted_before_any_is_decoded(tmp_path, monkeypatch):
    path = stored(tmp_path, photo("PNG"))
    monkeypatch.setattr(limits, "MAX_IMAGE_PIXELS", 96 * 64 - 1)
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ClipTooLarge, match=r"photo.jpg is 96x64, over the limit of 0.0 megapixels"):
        probe(path)


def test_a_large_photo_is_made_as_small_as_a_clips_frames_are(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_PIXELS", 48 * 32)
    info, (image,) = frames_of(stored(tmp_path, photo("PNG", 6)))
    assert (info.width, info.height, image.shape) == (48, 32, (32, 48, 3))
    assert np.abs(image.astype(int) - picture(48, 32)).mean() < 2


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "CMYK", "P", "1"])
def test_every_mode_is_made_smaller(tmp_path, monkeypatch, mode):
    monkeypatch.setattr(limits, "MAX_PIXELS", 48 * 32)
    kind = "JPEG" if mode == "CMYK" else "PNG"
    _, (image,) = frames_of(stored(tmp_path, encoded(Image.new("RGB", (96, 64), "white").convert(mode), kind)))
    assert (image.shape, int(image.min())) == ((32, 48, 3), 255)


def test_it_is_scaled_as_clips_are(tmp_path):
    _, (image,) = frames_of(stored(tmp_path, photo()), longest=48)
    assert image.shape == (32, 48, 3)


def test_heic_without_its_package_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(stills, "reads_heif", lambda: False)
    path = stored(tmp_path, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo.heic")
    with pytest.raises(UnreadableClip, match=r"photo.heic is a HEIC photo, .*pillow-heif.*; save it as JPEG"):
        probe(path)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"RIFF\0\0\0\0WEBPVP8 ", "WEBP"),
        (b"RIFF\0\0\0\0AVI LIST", None),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avif", "AVIF"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic", "HEIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0isomavc1", None),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_what_it_is_is_told_by_its_content(tmp_path, content, kind):
    assert kind_of(stored(tmp_path, content)) == kind


def test_a_clip_is_none_and_nothing_is_none(tmp_path):
    assert kind_of(grey_ramp(tmp_path / "a.jpg", [0.0])) is None
    assert kind_of(tmp_path / "absent.jpg") is None


def test_damage_is_one_sentence_without_the_path(tmp_path):
    with pytest.raises(UnreadableClip) as caught:
        frames_of(stored(tmp_path, photo("PNG")[:-60]))
    assert str(tmp_path) not in str(caught.value)
    assert "photo.jpg cannot be read as a picture" in str(caught.value)


def test_what_a_camera_wrote_is_told(tmp_path):
    exif = Image.Exif()
    exif.update({0x010F: "Maker", 0x0110: "Phone 9", 0x0131: "Adobe Lightroom", 0x0132: "2026:01:02 03:04:05"})
    path = stored(tmp_path, photo(exif=exif))
    facts = read_facts(path, probe(path))
    assert (facts.format, facts.codec, facts.device) == ("jpeg", "jpeg", "Maker Phone 9")
    assert (facts.software, facts.created) == (("Adobe's video tools",), "2026:01:02 03:04:05")


def test_the_confined_process_gives_the_same(tmp_path):
    path = stored(tmp_path, animation("WEBP"))
    info, expected = frames_of(path)
    with Decoder(path) as decoder:
        assert decoder.probe() == info
        read = [frame.image.copy() for frames in decoder.read(info.frame_times) for frame in frames]
        (origin,) = [each for each in decoder.origin() if each]
    np.testing.assert_array_equal(read, expected)
    assert origin.container.codec == "webp"
