// What every tab shares: the link that skips the tabs, arrow keys in the tabs, names of plots, and one voice for
// screen readers, which tells what was done and now and then what is being done.
const live = document.createElement('p');
live.className = 'unseen';
live.setAttribute('role', 'status');
element.append(live);

element.addEventListener('click', event => {
  if (!event.target.closest('.skip')) return;
  event.preventDefault();
  const panel = [...document.querySelectorAll('[role=tabpanel]')].find(each => each.offsetParent);
  if (!panel) return;
  panel.tabIndex = -1;
  panel.focus();
  panel.scrollIntoView({block: 'start'});
});

// What is folded is not fetched; what is unfolded shows its first picture.
document.addEventListener('toggle', event => {
  const video = event.target.open && event.target.querySelector('video[preload=none]');
  if (video) video.preload = 'metadata';
}, true);

document.addEventListener('keydown', event => {
  const tab = event.target.closest?.('[role=tab]'), list = tab?.closest('[role=tablist]');
  const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[event.key];
  if (!list || !(step || event.key === 'Home' || event.key === 'End')) return;
  event.preventDefault();
  const tabs = [...list.querySelectorAll('[role=tab]:not([disabled])')];
  const at = event.key === 'Home' ? 0 : event.key === 'End' ? tabs.length - 1 : tabs.indexOf(tab) + step;
  const next = tabs[(at + tabs.length) % tabs.length];
  next.click();
  next.focus();
});

const QUIET_MS = 6000;  // between two stages that are told
let told = 0, said = new Map();
const say = words => { live.textContent = words; told = Date.now(); };
function listen(place) {
  const stage = place.querySelector('[data-stage]'), words = stage ? `working: ${stage.dataset.stage}` : place.querySelector('.note')?.innerText.trim();
  if (!words || said.get(place.id) === words || (stage && Date.now() - told < QUIET_MS)) return;
  said.set(place.id, words);
  if (!place.querySelector('[role=alert]')) say(words);
}

function name(plot) {
  const words = plot.layout?.meta?.summary;
  if (!words || plot.getAttribute('aria-label') === words) return;
  plot.setAttribute('role', 'figure');
  plot.setAttribute('aria-label', words);
}

// Gradio gives each choice of a radio group a name of its own: arrows would not move, and each counts as one of one.
let groups = 0;
function group(fieldset) {
  for (const radio of fieldset.querySelectorAll('input[type=radio][name^=radio-]')) {
    radio.name = `choices-${fieldset.dataset.group ??= ++groups}`;
  }
}
const grouped = () => document.querySelectorAll('fieldset').forEach(group);
// What Gradio has just drawn anew has its own names again: a key pressed at once would be lost.
document.addEventListener('keydown', grouped, true);

const PLACES = '#status, #headline, #race-status, #map-status, #measure-status, #firm-status, #beside-status, #clip-said';
let waiting = false;
const look = () => {
  waiting = false;
  const tabs = document.querySelector('[role=tabpanel]')?.closest('.tabs');
  if (tabs && !tabs.id) tabs.id = 'content';
  document.querySelectorAll('.js-plotly-plot').forEach(name);
  grouped();
  for (const place of document.querySelectorAll(PLACES)) {
    if (place.id === 'headline') {
      const sentence = place.querySelector('.big')?.innerText ?? '';
      if (sentence && said.get('headline') !== sentence) say(sentence);
      said.set('headline', sentence);
    } else listen(place);
  }
};
new MutationObserver(() => {
  if (waiting) return;
  waiting = true;
  setTimeout(look, 250);
}).observe(document.body, {childList: true, subtree: true, characterData: true});
