// Runs with the strip: a click on a thumbnail chooses the moment, seeks the annotated clip and moves a line over the
// curves; a click on the curves chooses the nearest thumbnail; while the clip plays, the line follows.
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
