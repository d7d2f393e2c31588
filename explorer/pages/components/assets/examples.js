// A click on an example chooses and analyses it.
element.addEventListener('click', event => {
  const button = event.target.closest('button[data-index]');
  if (button) trigger('click', {index: button.dataset.index});
});
