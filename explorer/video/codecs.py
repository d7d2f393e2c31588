"""The codecs that clips may be in: what the promised formats need, of the three hundred that FFmpeg decodes."""

from av.codec.context import CodecContext

from explorer.errors import UnreadableClip
from explorer.video.timeline import ADVICE

CODECS = (
    *("h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4", "mpeg2video", "mpeg1video", "mjpeg", "h263", "flv"),
    *("wmv2", "wmv3", "vc1", "theora", "gif", "prores", "dnxhd"),
)
# For FFmpeg's containers, which decode of every stream what they need to tell what it is, and for decoders.
WHITELIST = {"codec_whitelist": ",".join(CODECS)}


def restrict(context: CodecContext, name: str) -> None:
    """Let a context that is not open yet open no other decoder. Raises UnreadableClip, naming clip and codec."""
    if context.name not in CODECS:
        raise UnreadableClip(f"{name} is in the codec {context.name}, which is not read here; {ADVICE}")
    context.options = context.options | WHITELIST
