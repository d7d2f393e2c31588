// A clip or photo that this browser cannot show is shown by one of its frames, which the server has to make. Neither
// error nor loadedmetadata bubbles, hence the capturing listeners.
const ask = video => {
  if (video.dataset.asked) return;
  video.dataset.asked = 'yes';
  trigger('input', {});
};
element.addEventListener('error', event => { if (['VIDEO', 'IMG'].includes(event.target.tagName)) ask(event.target); }, true);
element.addEventListener('loadedmetadata', event => {
  if (event.target.tagName === 'VIDEO' && !event.target.videoWidth) ask(event.target);
}, true);
