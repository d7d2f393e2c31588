(...values) => {
  const link = new URL(window.location.href.split('?')[0]);
  PARAMETERS.forEach((name, i) => link.searchParams.set(name, values[i]));
  window.history.replaceState(null, '', link.href);
  const button = document.querySelector('#link'), words = button.textContent;
  const tell = said => { button.textContent = said; setTimeout(() => { button.textContent = words; }, 4000); };
  const copied = navigator.clipboard ? navigator.clipboard.writeText(link.href) : Promise.reject();
  copied.then(() => tell('Copied'), () => tell('The link is in the address bar'));
}
