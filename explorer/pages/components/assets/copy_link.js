(...values) => {
  const link = new URL(window.location.href.split('?')[0]);
  PARAMETERS.forEach((name, i) => link.searchParams.set(name, values[i]));
  navigator.clipboard?.writeText(link.href);
  window.history.replaceState(null, '', link.href);
}
