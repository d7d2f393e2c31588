// Runs with the strip: a click on a thumbnail chooses the moment, seeks the clip below and moves a line over the
// curves; a click on the curves chooses the nearest thumbnail; while the clip plays, the line follows.
const find = selector => document.querySelector(selector);
const buttons = () => [...element.querySelectorAll('button[data-time]')];
const line = document.createElement('div');
line.className = 'playhead';
let pointed = null;
function point(time) {
  pointed = time;
  const plot = find('#curves .js-plotly-plot');
  if (!plot || !plot._fullLayout || !plot._fullLayout.xaxis) return;
  if (line.parentNode !== plot) { plot.style.position = 'relative'; plot.appendChild(line); }
  const {l, t, h} = plot._fullLayout._size;
  line.style.cssText = `left:${l + plot._fullLayout.xaxis.l2p(time)}px;top:${t}px;height:${h}px`;
  const current = nearest(time), was = element.querySelector('[aria-current]');
  if (current === was) return;
  was?.removeAttribute('aria-current');
  current?.setAttribute('aria-current', 'true');
}
function nearest(time) {
  return buttons().sort((a, b) => Math.abs(a.dataset.time - time) - Math.abs(b.dataset.time - time))[0];
}
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-time]');
  if (!button) return;
  const time = Number(button.dataset.time), video = find('#stage video');
  if (video) video.currentTime = time;
  point(time);
  trigger('click', {time});
});
document.addEventListener('cliptime', event => { if (event.detail) point(event.detail); });
window.addEventListener('resize', () => setTimeout(() => { if (pointed !== null && line.isConnected) point(pointed); }, 500));
setInterval(() => {
  const plot = find('#curves .js-plotly-plot');
  if (plot && plot.on && !plot.dataset.followed) {
    plot.dataset.followed = 'yes';
    plot.on('plotly_click', click => nearest(click.points[0].x)?.click());
    if (pointed !== null) point(pointed);  // chosen before the curves were there
  }
}, 300);
