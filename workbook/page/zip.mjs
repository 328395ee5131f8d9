// A zip archive of text files, stored as they are: what a learner takes away or hands in.
// @ts-check

const TIME = 0x0021_0000; // 1 January 1980, the earliest: equal files give equal archives
const NAMES_IN_UTF8 = 0x0800;

/** @param {Uint8Array} bytes */
export function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/**
 * Write a record of numbers, the least significant byte first: the n-th has *sizes[n]* bytes.
 * @param {string} sizes
 * @param {...number} values
 */
const record = (sizes, ...values) =>
  Uint8Array.from(
    values.flatMap((value, n) => {
      const bytes = Array.from({ length: Number(sizes[n]) });
      return bytes.map((_, byte) => (value / 2 ** (8 * byte)) & 0xff);
    }),
  );

/**
 * @param {Record<string, string>} files by their names in the archive
 * @returns {Blob}
 */
export function zip(files) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const directory = [];
  const size = (/** @type {Uint8Array[]} */ all) => all.reduce((sum, { length }) => sum + length, 0);
  for (const [file, text] of Object.entries(files)) {
    const [name, content] = [file, text].map((each) => new TextEncoder().encode(each));
    const [crc, length] = [crc32(content), content.length];
    const both = [20, NAMES_IN_UTF8, 0, TIME, crc, length, length, name.length, 0];
    const after = [0, 0, 0, 0, size(parts)];
    directory.push(record("4222244442222244", 0x02014b50, 20, ...both, ...after), name);
    parts.push(record("4222444422", 0x04034b50, ...both), name, content);
  }
  const count = Object.keys(files).length;
  const sums = [size(directory), size(parts)];
  const end = record("42222442", 0x06054b50, 0, 0, count, count, ...sums, 0);
  return new Blob([...parts, ...directory, end], { type: "application/zip" });
}
