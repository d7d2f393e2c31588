(clip, ...values) => {
  const link = new URL(window.location.href.split('?')[0]);
  const examples = [...document.querySelectorAll('#clip-examples button')];
  const example = clip && examples.find(button => button.dataset.clip === clip.path);
  if (example) link.searchParams.set('example', example.dataset.name);
  PARAMETERS.forEach((name, i) => link.searchParams.set(name, values[i]));
  window.history.replaceState(null, '', link.href);
  const button = document.querySelector('#link'), words = button.dataset.words ??= button.textContent;
  const tell = said => { button.textContent = said; setTimeout(() => { button.textContent = words; }, 4000); };
  const copied = navigator.clipboard ? navigator.clipboard.writeText(link.href) : Promise.reject();
  const what = example ? 'Copied: it runs this example again' : 'Copied';
  copied.then(() => tell(what), () => tell('The link is in the address bar'));
}
