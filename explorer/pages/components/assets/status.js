// When work starts, the status comes into view where it was out of it (on a phone the results lie below the controls);
// when its result is there, the sentence over all detectors does, unless the visitor has scrolled elsewhere by then. A
// server that is lost is told: nothing else would come.
const working = () => element.querySelector('progress') !== null;
const inView = shown => {
  const {top, bottom} = shown.getBoundingClientRect();
  return top >= 0 && top < window.innerHeight * 0.6 && bottom > 0;
};
const comeIntoView = shown => {
  if (!inView(shown)) shown.scrollIntoView({block: 'start', behavior: 'auto'});
};
let was = false, left = false, asked = 0;
new MutationObserver(() => {
  const now = working();
  if (now && !was) {
    left = false;
    comeIntoView(element);
  } else if (!now && was && !left) {
    const headline = document.querySelector('#headline .hero');
    comeIntoView(headline ?? element);
  }
  was = now;
  asked = Date.now();
}).observe(element, {childList: true, subtree: true});
for (const moved of ['wheel', 'touchmove', 'keydown']) window.addEventListener(moved, () => { left = true; }, {passive: true});
setInterval(() => {
  if (!working() || Date.now() - asked < 8000) return;
  asked = Date.now();
  fetch('gradio_api/startup-events').catch(() => {
    const note = document.createElement('p');
    note.className = 'note error';
    note.setAttribute('role', 'alert');
    note.textContent = 'The server does not answer any more; reload the page, and upload the clip again.';
    element.querySelector('.stage')?.replaceChildren(note);
  });
}, 2000);
