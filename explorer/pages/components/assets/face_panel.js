// Plotly's labels cannot hold a picture, so the face pointed at, or tapped, is shown beside the plot. The plot comes
// and goes inside element, hence the observer.
const panel = element.querySelector('figure');
const show = ({points: [point]}) => {
  const [caption, picture] = point.customdata;
  panel.querySelector('figcaption').textContent = caption;
  panel.querySelector('img').src = picture;
  panel.querySelector('img').hidden = !picture;
};
new MutationObserver(() => {
  const plot = element.querySelector('.js-plotly-plot');
  if (plot?.on && !plot.showsFaces) {
    plot.showsFaces = true;
    plot.on('plotly_hover', show);
    plot.on('plotly_click', show);
  }
}).observe(element, {childList: true, subtree: true});
