// Draws over the playing clip, or a picture, what stage.py sends: between sampled frames boxes, p_fake and evidence are interpolated.
// Whoever follows the clip hears `cliptime` on the document, with the seconds.
let clip = null;
const size = shown => ({width: shown.videoWidth ?? shown.naturalWidth, height: shown.videoHeight ?? shown.naturalHeight});

function opened(panel) {
  const data = JSON.parse(panel.dataset.stage), bytes = words => Uint8Array.from(atob(words), byte => byte.charCodeAt(0));
  for (const variant of data.variants) {
    variant.squares ??= data.squares;
    variant.evidence = Float32Array.from(bytes(variant.evidence), value => (value / 127.5 - 1) * data.most);
  }
  return {panel, data, palette: bytes(data.palette), find: what => panel.querySelector(what), video: panel.querySelector('video, .screen img')};
}

// The two sampled faces about a time and the share of the second; nothing while the person is out of sight.
function between({faces}, time, {times, reach}) {
  const after = faces.findIndex(i => times[i] >= time), last = faces.length - 1;
  const [a, b] = after < 0 ? [faces[last], faces[last]] : [faces[Math.max(after - 1, 0)], faces[after]];
  const near = Math.abs(times[a] - time) < Math.abs(times[b] - time) ? a : b;
  if (Math.abs(times[near] - time) > reach) return null;
  if (times[b] - times[a] > 2 * reach) return {a: near, b: near, share: 0};
  return {a, b, share: b === a ? 0 : Math.min(Math.max((time - times[a]) / (times[b] - times[a]), 0), 1)};
}
const mixed = (from, to, share) => from + (to - from) * share;
const box = (boxes, {a, b, share}) => boxes[a].map((side, i) => mixed(side, boxes[b][i], share));
const opinion = ({p_fake}, {a, b, share}) => mixed(p_fake[a], p_fake[b], share);

// The evidence as a picture a few times finer than the network's grid; nothing of a network that gives none.
const FINER = 6;
function heat({shape: [rows, columns], evidence}, {a, b, share}, palette) {
  if (!rows) return null;
  const [height, width] = [rows * FINER, columns * FINER], picture = new ImageData(width, height), cells = rows * columns;
  const logit = (row, column) => mixed(evidence[a * cells + row * columns + column], evidence[b * cells + row * columns + column], share);
  for (let y = 0; y < height; y++) {
    const down = Math.min(Math.max((y + 0.5) / FINER - 0.5, 0), rows - 1), row = Math.min(Math.floor(down), Math.max(rows - 2, 0));
    for (let x = 0; x < width; x++) {
      const across = Math.min(Math.max((x + 0.5) / FINER - 0.5, 0), columns - 1), column = Math.min(Math.floor(across), Math.max(columns - 2, 0));
      const below = Math.min(row + 1, rows - 1), right = Math.min(column + 1, columns - 1);
      const upper = mixed(logit(row, column), logit(row, right), across - column);
      const lower = mixed(logit(below, column), logit(below, right), across - column);
      const at = 4 * Math.round(255 / (1 + Math.exp(-mixed(upper, lower, down - row))));
      picture.data.set(palette.subarray(at, at + 4), 4 * (y * width + x));
    }
  }
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d').putImageData(picture, 0, 0);
  return canvas;
}

const REAL = [0, 114, 178], MIDDLE = [170, 170, 170], FAKE = [213, 94, 0];
function tint(p_fake) {
  const [end, share] = p_fake < 0.5 ? [REAL, 2 * p_fake] : [FAKE, 2 * (1 - p_fake)];
  return `rgb(${end.map((part, i) => mixed(part, MIDDLE[i], share)).join()})`;
}

const apart = ([x0, y0, x1, y1], [left, top, right, bottom]) => right <= x0 || left >= x1 || bottom <= y0 || top >= y1;

// Above the face, below it or beside it, wherever there is room: never over a face.
function drawLabel(pen, face, words, faces, scale) {
  pen.font = `600 ${13 * scale}px system-ui, sans-serif`;
  const {width: wide, height: high} = pen.canvas, width = pen.measureText(words).width + 12 * scale, height = 20 * scale;
  const [x0, y0, x1, y1] = face, within = (value, most) => Math.min(Math.max(value, 0), most);
  const left = within(x0, wide - width), top = within(y0, high - height);
  const free = [[left, y0 - height], [left, y1], [x1, top], [x0 - width, top]].find(([x, y]) =>
    x >= 0 && y >= 0 && x + width <= wide && y + height <= high && faces.every(each => apart(each, [x, y, x + width, y + height])));
  if (!free) return;
  pen.fillStyle = '#181818';
  pen.fillRect(...free, width, height);
  pen.fillStyle = '#f5f5f5';
  pen.fillText(words, free[0] + 6 * scale, free[1] + 14.5 * scale);
}

function drawBox(pen, [x0, y0, x1, y1], colour, scale) {
  for (const [width, style] of [[5, 'rgba(0, 0, 0, .55)'], [3, colour]]) {
    pen.lineWidth = width * scale;
    pen.strokeStyle = style;
    pen.strokeRect(x0, y0, x1 - x0, y1 - y0);
  }
}

function drawOver(canvas, view, variant, shown) {
  const {data, palette, video} = clip, pen = canvas.getContext('2d'), beside = !canvas.parentNode.contains(video);
  const scale = Math.min(window.devicePixelRatio || 1, 2), width = Math.round(canvas.clientWidth * scale);
  const height = Math.round(canvas.clientHeight * scale);
  if (!width || !height) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
  pen.clearRect(0, 0, width, height);
  if (beside) pen.drawImage(video, 0, 0, width, height);
  const inPixels = sides => sides.map((side, i) => side * (i % 2 ? height : width));
  const parts = shown.map(({place}) => inPixels(box(view === 'heat' ? data.variants[variant].squares : data.boxes, place)));
  if (view === 'heat') {
    pen.imageSmoothingQuality = 'high';
    shown.forEach(({place}, i) => {
      const [x0, y0, x1, y1] = parts[i], seen = heat(data.variants[variant], place, palette);
      if (seen) pen.drawImage(seen, x0, y0, x1 - x0, y1 - y0);
    });
  } else if (view === 'boxes') {
    shown.forEach(({place}, i) => {
      const opinions = data.variants.map(each => opinion(each, place));
      drawBox(pen, parts[i], tint(opinions.reduce((sum, each) => sum + each) / opinions.length), scale);
    });
    if (data.people.length > 1) shown.forEach(({person}, i) => drawLabel(pen, parts[i], `person ${person}`, parts, scale));
  }
}

function drawMosaic(shown) {
  // Of those in sight the most suspicious.
  const {data, palette, video, panel} = clip, {width: wide, height: high} = size(video), who = shown[0];
  for (const canvas of panel.querySelectorAll('.mosaic canvas')) {
    const pen = canvas.getContext('2d'), {width, height} = canvas, said = canvas.parentNode.querySelector('b');
    const variant = data.variants[canvas.dataset.variant];
    pen.clearRect(0, 0, width, height);
    said.textContent = who ? opinion(variant, who.place).toFixed(2) : '\u2013';
    if (!who) continue;
    const [x0, y0, x1, y1] = box(variant.squares, who.place).map((side, i) => side * (i % 2 ? high : wide));
    pen.drawImage(video, x0, y0, x1 - x0, y1 - y0, 0, 0, width, height);
    pen.imageSmoothingQuality = 'high';
    const seen = heat(variant, who.place, palette);
    if (seen) pen.drawImage(seen, 0, 0, width, height);
  }
}

function draw() {
  if (!clip || !size(clip.video).width) return;
  const {data, video, find} = clip, time = video.currentTime ?? 0, view = find('input[type=radio]:checked').value;
  const both = find('.both input').checked, variant = find('select').selectedIndex;
  const shown = data.people.map(({person, faces}) => ({person, place: between({faces}, time, data)})).filter(({place}) => place);
  find('.second').hidden = !both;
  find('.screens').classList.toggle('two', both);
  find('select').disabled = view !== 'heat';
  drawOver(find('.screen canvas'), both ? 'original' : view, variant, shown);
  if (both) drawOver(find('.second canvas'), view, variant, shown);
  drawMosaic(shown);
  document.dispatchEvent(new CustomEvent('cliptime', {detail: time}));
}

let running = false;
function follow() {
  if (running) return;
  running = true;
  const step = () => {
    draw();
    if (clip?.video.isConnected && clip.video.paused === false && !clip.video.ended) requestAnimationFrame(step);
    else running = false;
  };
  step();
}

function begin(panel) {
  clip = opened(panel);
  panel.dataset.drawn = '';
  const {video, find} = clip;
  for (const name of ['load', 'loadeddata', 'seeked', 'pause', 'ended']) video.addEventListener(name, draw);
  video.addEventListener('play', follow);
  const refused = () => {
    find('.unplayable').hidden = false;
    find('.unplayable').textContent = 'This browser cannot play the clip itself; the annotated copy below it can.';
    for (const what of ['.over', '.screens', '.mosaic']) find(what).hidden = true;
  };
  video.addEventListener('error', refused);
  video.addEventListener('loadedmetadata', () => { if (!size(video).width) refused(); });
  panel.addEventListener('input', draw);
  new ResizeObserver(draw).observe(find('.screens'));
}

const look = () => {
  const panel = element.querySelector('.stage-panel');
  if (panel && panel.dataset.drawn === undefined) begin(panel);
  if (!panel) clip = null;
};
new MutationObserver(look).observe(element, {childList: true, subtree: true});
look();
