"""Codecs beyond those promised are not decoded, neither by the reader nor while FFmpeg looks at what a file is."""

import av
import pytest

from explorer.errors import UnreadableClip
from explorer.video.codecs import CODECS, WHITELIST, restrict
from explorer.video.reader import OPTIONS, probe
from tests.support.corpus.encoders import encode_picture

REFUSED = {"png": "mov", "qtrle": "mov", "ffv1": "avi", "rawvideo": "avi", "magicyuv": "avi", "huffyuv": "avi"}
PIXELS = {"png": "rgba", "qtrle": "argb", "rawvideo": "bgr24", "magicyuv": "gbrp", "huffyuv": "yuv422p"}


@pytest.mark.parametrize("codec", REFUSED)
def test_other_codecs_are_refused_by_name(tmp_path, codec):
    clip = tmp_path / f"clip.{REFUSED[codec]}"
    encode_picture(clip, codec=codec, container=REFUSED[codec], pixels=PIXELS.get(codec, "yuv420p"))
    with pytest.raises(UnreadableClip) as error:
        probe(clip)
    advice = "try an MP4 (H.264) export of it"
    assert str(error.value) == f"{clip.name} is in the codec {codec}, which is not read here; {advice}"
    assert codec in av.codecs_available


def test_neither_the_container_nor_the_stream_opens_another_decoder(tmp_path):
    clip = tmp_path / "clip.avi"
    encode_picture(clip, codec="ffv1", container="avi")
    with av.open(str(clip)) as container:
        assert container.streams.video[0].pix_fmt == "yuv420p"  # which FFmpeg knows only once it has decoded
    with av.open(str(clip), options=OPTIONS) as container:
        stream = container.streams.video[0]
        assert stream.pix_fmt is None
        stream.codec_context.options = WHITELIST
        with pytest.raises(av.error.ArgumentError):
            next(container.decode(stream))


def test_a_restricted_context_decodes_what_is_promised(tmp_path):
    clip = tmp_path / "clip.mp4"
    encode_picture(clip)
    with av.open(str(clip), options=OPTIONS) as container:
        stream = container.streams.video[0]
        restrict(stream.codec_context, "clip.mp4")
        assert stream.codec_context.options == WHITELIST
        assert next(container.decode(stream)).width == 96


def test_every_codec_promised_has_a_decoder_here():
    assert {av.codec.Codec(name, "r").name for name in CODECS} == set(CODECS)
