// Paper is light, a chart on it is as wide as the page, and what to do next is told without a click. Either event comes
// with printing, in one browser or another.
const unfolded = [];
const footer = () => document.querySelector('footer');  // Gradio's own, which the page's styles do not reach
let wasDark = false, onPaper = false;
const toPaper = () => {
  scaleCharts();  // at either event: Plotly may have drawn anew between them
  if (onPaper) return;
  onPaper = true;
  for (const folded of document.querySelectorAll('.hero details:not([open])')) {
    folded.open = true;
    unfolded.push(folded);
  }
  footer()?.style.setProperty('display', 'none', 'important');
  wasDark = document.body.classList.contains('dark');
  document.body.classList.remove('dark');
};
const scaleCharts = () => {
  for (const chart of document.querySelectorAll('.js-plotly-plot .svg-container')) {
    const [width, height] = ['width', 'height'].map(side => Number(chart.querySelector('.main-svg')?.getAttribute(side)));
    if (!width || !height) continue;  // as it was drawn, whatever paper has made of its frame by now
    chart.style.aspectRatio = `${width} / ${height}`;
    chart.classList.add('on-paper');
    for (const svg of chart.querySelectorAll('.main-svg')) svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
  }
};
const toScreen = () => {
  if (!onPaper) return;
  onPaper = false;
  for (const svg of document.querySelectorAll('.js-plotly-plot .main-svg')) svg.removeAttribute('viewBox');
  for (const chart of document.querySelectorAll('.js-plotly-plot .on-paper')) chart.classList.remove('on-paper');
  for (const folded of unfolded.splice(0)) folded.open = false;
  footer()?.style.removeProperty('display');
  document.body.classList.toggle('dark', wasDark);
};
window.addEventListener('beforeprint', toPaper);
window.addEventListener('afterprint', toScreen);
window.matchMedia('print').addEventListener('change', paper => (paper.matches ? toPaper() : toScreen()));
