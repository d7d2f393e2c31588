// A click on a head sorts the table, once more turns it round; a click on a name opens its row. Rows come in while a
// clip is analysed: each new table is put into the order that was chosen.
let chosen = {key: 'place', turned: false};
const sort = () => {
  const table = element.querySelector('table');
  if (!table || table.dataset.order === JSON.stringify(chosen)) return;
  table.dataset.order = JSON.stringify(chosen);
  const value = body => Number(body.dataset[chosen.key] ?? Infinity);
  const bodies = [...table.tBodies].sort((a, b) => value(a) - value(b) || a.dataset.place - b.dataset.place);
  if (chosen.turned) bodies.reverse();
  table.append(...bodies);
  for (const head of table.tHead.querySelectorAll('th')) {
    const sorted = head.querySelector('button').dataset.sort === chosen.key;
    if (sorted) head.setAttribute('aria-sort', chosen.turned ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  }
};
element.addEventListener('click', event => {
  const head = event.target.closest('button[data-sort]'), row = event.target.closest('button.more');
  if (head) {
    const key = head.dataset.sort;
    chosen = {key, turned: chosen.key === key && !chosen.turned};
    sort();
  }
  if (row) {
    const about = row.closest('tbody').querySelector('.about');
    about.hidden = !about.hidden;
    row.setAttribute('aria-expanded', String(!about.hidden));
  }
});
new MutationObserver(sort).observe(element, {childList: true, subtree: true});
