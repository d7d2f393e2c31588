/** Numbers rounded and put together as NumPy does it. */

/** The nearest whole number, of two equally near ones the even one. */
export function rint(value) {
  const nearest = Math.round(value);
  return Math.abs(value - Math.trunc(value)) === 0.5 && nearest % 2 ? nearest - 1 : nearest;
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below which a share of them lies, in between two where it falls there. */
export function quantile(values, share) {
  const sorted = [...values].sort((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  return low + (sorted[Math.ceil(place)] - low) * (place - Math.floor(place));
}

export const median = (values) => quantile(values, 0.5);

/** Up to `count` of whole numbers below `length`, evenly spread, the first and the last among them. */
export function spread(length, count) {
  const places = Math.min(count, length);
  const step = places > 1 ? (length - 1) / (places - 1) : 0;
  return [...new Set(Array.from({ length: places }, (_, place) => rint(place * step)))];
}
