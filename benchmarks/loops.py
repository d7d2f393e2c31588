"""Clips of any length out of one, without encoding anything anew."""

from pathlib import Path

import av


def looped(source: Path, target: Path, seconds: float) -> Path:
    """Write the video packets of `source` to `target`, again and again, until it lasts so long; gives `target` back."""
    with av.open(str(target), "w") as output:
        stream, offset = None, 0
        while stream is None or offset * (stream.time_base or 0) < seconds:
            end = offset
            with av.open(str(source)) as clip:
                video = clip.streams.video[0]
                stream = stream or output.add_stream_from_template(video)
                for packet in clip.demux(video):
                    if packet.dts is None or packet.pts is None or packet.time_base is None:
                        continue  # the last packet is empty
                    if (packet.pts + offset) * packet.time_base >= seconds:
                        continue
                    packet.pts, packet.dts = packet.pts + offset, packet.dts + offset
                    end = max(end, packet.pts + (packet.duration or 0))
                    packet.stream = stream
                    output.mux(packet)
            offset = max(end, offset + 1)
    return target
