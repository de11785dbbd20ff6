/**
 * The files that a log is published as (C2SP tlog-tiles): hash tiles of 256, and bundles of as many entries.
 *
 *     tile/<L>/<N>[.p/<W>]            hashes of level L
 *     tile/entries/<N>[.p/<W>]        (u16 big-endian length || entry)*
 */
import { need } from "./need.js";

export const WIDTH = 256;
/** The level of entry bundles. */
export const ENTRIES = -1;
const PATH = /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/;

/** Where a tile lies; `level` ENTRIES for an entry bundle. */
export function tilePath(level, index, width) {
  const written = String(index);
  const digits = written.padStart(Math.ceil(written.length / 3) * 3, "0");
  const groups = digits.match(/.../g);
  const number = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join("/");
  return `tile/${level === ENTRIES ? "entries" : level}/${number}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** The inverse of `tilePath`; null for a path that is no tile's. */
export function parseTilePath(path) {
  const found = PATH.exec(path);
  if (!found || found[2].length > 20) return null;
  const level = found[1] === "entries" ? ENTRIES : Number(found[1]);
  const index = Number(found[2].replace(/[x/]/g, ""));
  const width = found[3] ? Number(found[3]) : WIDTH;
  return level <= 63 && width <= WIDTH && tilePath(level, index, width) === path ? { level, index, width } : null;
}

/** The entry bundle `index` of a log of `size` entries. */
export function bundleAt(index, size) {
  const width = Math.min(WIDTH, size - index * WIDTH);
  return { index, width, path: tilePath(ENTRIES, index, width) };
}

/** The paths of every file under `tile/` that a log of `size` entries has. @returns {Set<string>} */
export function pathsOf(size) {
  const paths = new Set();
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / WIDTH)) {
    for (let index = 0; index * WIDTH < count; index += 1) {
      const width = Math.min(WIDTH, count - index * WIDTH);
      paths.add(tilePath(level, index, width));
      if (level === 0) paths.add(tilePath(ENTRIES, index, width));
    }
  }
  return paths;
}

/** The `width` entries of a bundle. @returns {Uint8Array[]} */
export function decodeEntries(data, width) {
  const entries = [];
  let at = 0;
  for (let place = 0; place < width; place += 1) {
    need(at + 2 <= data.length, "tiles.truncated", data.length);
    const start = at + 2;
    at = start + data[at] * 256 + data[at + 1];
    need(at <= data.length, "tiles.truncated", data.length);
    entries.push(data.subarray(start, at));
  }
  need(at === data.length, "tiles.width", data.length - at, 0);
  return entries;
}
