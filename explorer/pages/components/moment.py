"""One moment of a clip: a strip of thumbnails to choose it from, and the frame with what every variant saw in it."""

from collections.abc import Mapping
from html import escape
from pathlib import Path

import cv2
import numpy as np

from explorer.heatmaps.variant_maps import overlays
from explorer.pages.components.heatmap_grid import picture
from explorer.selection import at_moment, moments
from explorer.structures import OpenRunner, Report
from explorer.video.decoder import Decoder

THUMBNAILS = 32
THUMB_WIDTH, FRAME_WIDTH = 64, 480  # pixels

# Runs with the strip: a click on a thumbnail chooses the moment, seeks the annotated clip and moves a line over the
# curves; a click on the curves chooses the nearest thumbnail; while the clip plays, the line follows.
STRIP_JS = """
const find = selector => document.querySelector(selector);
const buttons = () => [...element.querySelectorAll('button[data-time]')];
const line = document.createElement('div');
line.className = 'playhead';
function point(time) {
  const plot = find('#curves .js-plotly-plot');
  if (!plot || !plot._fullLayout || !plot._fullLayout.xaxis) return;
  if (line.parentNode !== plot) { plot.style.position = 'relative'; plot.appendChild(line); }
  const {l, t, h} = plot._fullLayout._size;
  line.style.cssText = `left:${l + plot._fullLayout.xaxis.l2p(time)}px;top:${t}px;height:${h}px`;
  for (const button of buttons()) button.removeAttribute('aria-current');
  nearest(time)?.setAttribute('aria-current', 'true');
}
function nearest(time) {
  return buttons().sort((a, b) => Math.abs(a.dataset.time - time) - Math.abs(b.dataset.time - time))[0];
}
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-time]');
  if (!button) return;
  const time = Number(button.dataset.time), video = find('#annotated video');
  if (video) video.currentTime = time;
  point(time);
  trigger('click', {time});
});
setInterval(() => {
  const video = find('#annotated video'), plot = find('#curves .js-plotly-plot');
  if (video && !video.dataset.followed) {
    video.dataset.followed = 'yes';
    video.addEventListener('timeupdate', () => point(video.currentTime));
  }
  if (plot && plot.on && !plot.dataset.followed) {
    plot.dataset.followed = 'yes';
    plot.on('plotly_click', click => nearest(click.points[0].x)?.click());
  }
}, 300);
"""


def strip(report: Report) -> str:
    """HTML of up to THUMBNAILS buttons, each a moment of the clip with the first face seen in it."""
    times = moments(report)
    if not len(times):
        return ""
    chosen = times[np.unique(np.linspace(0, len(times) - 1, min(THUMBNAILS, len(times))).round().astype(int))]
    buttons = []
    for time_s in chosen:
        face = report.faces[at_moment(report, time_s)[0]]
        image = picture(face.crop, f"show the moment at {time_s:.2f} s", f"{time_s:.1f}", THUMB_WIDTH)
        buttons.append(f'<button type="button" data-time="{time_s}">{image}</button>')
    return f'<div class="strip" role="group" aria-label="Moments of the clip">{"".join(buttons)}</div>'


def _picture_at(clip: Path, name: str, time_s: float) -> np.ndarray:
    """The clip's frame at one of its sampled times, (H, W, 3) uint8."""
    with Decoder(clip, name) as decoder:
        decoder.probe()
        return next(frames[0].image.copy() for frames in decoder.read(np.array([time_s])) if frames)


def moment(
    report: Report, clip: Path, time_s: float, runners: Mapping[str, OpenRunner], method: str, layer: str
) -> str:
    """HTML of the sampled frame nearest to a time, faces boxed, beside every variant's heatmaps of them.

    Raises UnreadableClip where the clip is gone, and UnknownOption.
    """
    times = moments(report)
    time_s = times[np.abs(times - time_s).argmin()]
    shown = at_moment(report, time_s)
    image = _picture_at(clip, report.clip.name, time_s)
    thickness = max(image.shape[1] // 240, 2)
    for face in (report.faces[i] for i in shown):
        x0, y0, x1, y1 = np.rint(face.box).astype(int).tolist()
        cv2.rectangle(image, (x0, y0), (x1, y1), (230, 159, 0), thickness)
        if len(shown) > 1:
            where, scale = (x0, max(y0 - 8, 20)), thickness / 3
            cv2.putText(image, f"{face.person}", where, cv2.FONT_HERSHEY_SIMPLEX, scale, (230, 159, 0), thickness)
    whole = picture(image, f"frame at {time_s:.2f} s", f"{time_s:.2f} s", FRAME_WIDTH)
    seen = [(result, overlays(report, result, shown, runners, method, layer)) for result in report.variants]
    tiles = []
    for place, i in enumerate(shown):
        who = f"person {report.faces[i].person}" if len(shown) > 1 else "crop"
        tiles.append(picture(report.faces[i].crop, who, who))
        for result, maps in seen:
            said = f"{escape(result.name)} {result.frame_p_fake[i]:.2f}"
            tiles.append(picture(maps[place], f"{result.name} at {time_s:.2f} s", said))
    return f'<div class="moment"><div class="whole">{whole}</div><div class="tiles">{"".join(tiles)}</div></div>'
