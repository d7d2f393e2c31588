/** Elements made of values; text stays text. */

/** An element with these properties and children; a style is set as text, for the page's policy knows no inline ones. */
export function make(name, { style, role, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  if (style) element.style.cssText = style;
  if (role) element.setAttribute("role", role);
  element.append(...children);
  return element;
}

/** The same of an SVG, whose attributes are given as such. */
export function draw(name, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** A canvas that shows a picture {width, height, data}. */
export function canvasOf({ width, height, data }, label) {
  const canvas = make("canvas", { width, height, ariaLabel: label, role: "img" });
  const pixels = new ImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4)
    pixels.data.set([data[from], data[from + 1], data[from + 2], 255], to);
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return canvas;
}
