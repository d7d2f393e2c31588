// A tab that a visitor chooses stands in the address, as a step of the browser's history; Back and Forward choose it again.
// What the page chooses by itself when it opens is no step.
let acted = false;
for (const event of ['pointerdown', 'keydown']) window.addEventListener(event, () => { acted = true; }, {capture: true});
const named = () => new URLSearchParams(window.location.search).get('tab') ?? '';
window.tabSelected = (chosen, shown) => {
  if (chosen === shown || !acted) return;
  const address = new URL(window.location.href);
  address.searchParams.set('tab', chosen);
  window.history.pushState(window.history.state, '', address);
};
window.addEventListener('popstate', () => trigger('click', {}));
// Gradio draws the tabs when it has measured them, and may choose the first once more while the page opens.
let left = 40;
const settle = () => {
  const tab = document.querySelector(`[role=tab][data-tab-id="${CSS.escape(named())}"]`);
  if (acted || left-- < 1) return;
  if (tab && tab.getAttribute('aria-selected') !== 'true') tab.click();
  setTimeout(settle, 250);
};
if (named()) setTimeout(settle, 250);
