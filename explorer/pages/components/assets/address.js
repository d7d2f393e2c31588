// A tab that a visitor chooses stands in the address, as a step of the browser's history; Back and Forward choose it again.
// What the page chooses by itself when it opens is no step.
window.tabSelected = (chosen, named) => {
  if (chosen === named || navigator.userActivation?.hasBeenActive === false) return;
  const address = new URL(window.location.href);
  address.searchParams.set('tab', chosen);
  window.history.pushState(window.history.state, '', address);
};
window.addEventListener('popstate', () => trigger('click', {}));
