// The difference between two texts, line by line.
// @ts-check

/** @typedef {{mark: " " | "-" | "+" | "…", text: string}} Row */

const AROUND = 3; // unchanged lines that are shown beside a change

/** @param {string} text */
const lines = (text) => text.replace(/\n$/, "").split("\n").slice(text ? 0 : 1);

/**
 * Compare by the longest common subsequence, in the time of the product of both lengths.
 * @param {string} before
 * @param {string} after
 * @returns {Row[]}
 */
export function diff(before, after) {
  const [a, b] = [lines(before), lines(after)];
  // common[i][j] is the length of what the ends a[i…] and b[j…] have in common.
  const common = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      common[i][j] =
        a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
  /** @type {Row[]} */
  const rows = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && a[i] === b[j]) rows.push({ mark: " ", text: a[(j++, i++)] });
    else if (j >= b.length || (i < a.length && common[i + 1][j] >= common[i][j + 1]))
      rows.push({ mark: "-", text: a[i++] });
    else rows.push({ mark: "+", text: b[j++] });
  }
  return rows;
}

/**
 * Fold long runs of unchanged lines away.
 * @param {Row[]} rows
 * @returns {Row[]}
 */
export function folded(rows) {
  const near = rows.map((_, n) =>
    rows.slice(Math.max(0, n - AROUND), n + AROUND + 1).some(({ mark }) => mark !== " "),
  );
  return rows.flatMap((row, n) => {
    if (near[n]) return [row];
    return n === 0 || near[n - 1] ? [{ mark: "…", text: "" }] : [];
  });
}
