// What the server marks with data-keep goes into this browser's storage: texts of numbers, names and times. The buttons
// print what is shown, save the kept result as a file, and forget all of it.
const storage = () => { try { return window.localStorage; } catch { return null; } };
const kept = key => storage()?.getItem(key) ?? '';
const clipOf = text => { try { return JSON.parse(text.slice(text.indexOf(' ') + 1)).clip.name; } catch { return 'a clip'; } };
const forget = () => { for (const key of [RESULT_KEY, BESIDE_KEY]) storage()?.removeItem(key); };
const keep = (key, text) => {
  const other = kept(key === RESULT_KEY ? BESIDE_KEY : RESULT_KEY);
  storage()?.removeItem(key);
  if (text.length + other.length > MAX_CHARACTERS) return;
  try { storage()?.setItem(key, text); } catch { /* full, or not allowed */ }
};
const note = words => { const section = element.querySelector('.keeping'); if (section) section.dataset.said = words; };
const refresh = () => {
  const section = element.querySelector('.keeping');
  if (!section) return;
  const text = kept(RESULT_KEY), button = name => section.querySelector(`[data-do=${name}]`);
  for (const name of ['save', 'forget']) if (button(name).hidden !== !text) button(name).hidden = !text;
  const words = text
    ? `This browser keeps the numbers of ${clipOf(text)} for your next visit: names and times, no picture of a face.`
    : section.dataset.said ?? '';
  const said = section.querySelector('p');
  if (said.textContent !== words) said.textContent = words;
  const empty = !text && !words && button('print').hidden;
  if (section.hidden !== empty) section.hidden = empty;
};
const look = () => {
  for (const bearer of element.querySelectorAll('[data-keep]')) {
    keep(bearer.dataset.keep, bearer.dataset.text);
    if (!kept(bearer.dataset.keep)) note('This browser could not keep the result; the zip opens it again.');
    bearer.remove();
  }
  if (element.querySelector('[data-forget]')) { forget(); element.querySelector('[data-forget]').remove(); }
  refresh();
};
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-do]');
  if (!button) return;
  if (button.dataset.do === 'print') window.print();
  if (button.dataset.do === 'forget') {
    forget();
    note('Forgotten: this browser keeps no result.');
    refresh();
  }
  if (button.dataset.do === 'save') {
    const text = kept(RESULT_KEY), link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([text.slice(text.indexOf(' ') + 1)], {type: 'application/json'}));
    link.download = `${clipOf(text).replace(/\.[^.]*$/, '')}.result.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }
});
new MutationObserver(look).observe(element, {childList: true, subtree: true});
look();
