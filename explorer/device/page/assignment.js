/** The pairing of rows and columns with the least sum of costs (the Hungarian method; Kuhn, 1955). */

/** [[row, column]] of costs (R, C), as many pairs as the fewer of both, by row. */
export function assigned(costs) {
  const [rows, columns] = [costs.length, costs[0].length];
  if (rows > columns) {
    const turned = costs[0].map((_, column) => costs.map((row) => row[column]));
    return assigned(turned)
      .map(([column, row]) => [row, column])
      .sort(([one], [other]) => one - other);
  }
  const [ofRow, ofColumn] = [Array(rows + 1).fill(0), Array(columns + 1).fill(0)]; // potentials
  const match = Array(columns + 1).fill(0); // the row, from 1, of each column; 0: none
  for (let row = 1; row <= rows; row++) {
    const [least, way, used] = [
      Array(columns + 1).fill(Infinity),
      Array(columns + 1).fill(0),
      Array(columns + 1).fill(false),
    ];
    let column = 0;
    match[0] = row;
    do {
      used[column] = true;
      let [delta, next] = [Infinity, 0];
      for (let other = 1; other <= columns; other++) {
        if (used[other]) continue;
        const cost = costs[match[column] - 1][other - 1] - ofRow[match[column]] - ofColumn[other];
        if (cost < least[other]) [least[other], way[other]] = [cost, column];
        if (least[other] < delta) [delta, next] = [least[other], other];
      }
      for (let other = 0; other <= columns; other++) {
        if (used[other]) {
          ofRow[match[other]] += delta;
          ofColumn[other] -= delta;
        } else least[other] -= delta;
      }
      column = next;
    } while (match[column]);
    for (; column; column = way[column]) match[column] = match[way[column]];
  }
  const pairs = match.flatMap((row, column) => (row && column ? [[row - 1, column - 1]] : []));
  return pairs.sort(([one], [other]) => one - other);
}
