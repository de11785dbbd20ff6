/**
 * DEFLATE unpacked (RFC 1951), into exactly as many bytes as an archive says, and never more.
 *
 * Browsers that can do this themselves (DecompressionStream) came after those that owners have, and stop at no limit.
 */
import { need } from "./need.js";

const RULE = "source.archive";
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
  195, 227, 258];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577];
const DISTANCE_BITS = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const LONGEST = 15;

/**
 * @param {Uint8Array} packed
 * @param {number} size how many bytes come out of it
 * @returns {Uint8Array}
 * @throws {Malformed} `source.archive`
 */
export function inflate(packed, size) {
  const out = new Uint8Array(size);
  const bits = new Bits(packed);
  let at = 0;
  for (let last = 0; last === 0;) {
    last = bits.take(1);
    const type = bits.take(2);
    need(type < 3, RULE, type);
    at = type === 0 ? stored(bits, out, at) : coded(bits, out, at, type === 1 ? fixed() : dynamic(bits));
  }
  need(at === size, RULE, at, size);
  return out;
}

class Bits {
  constructor(data) {
    this.data = data;
    this.at = 0;
    this.held = 0;
    this.count = 0;
  }

  take(count) {
    while (this.count < count) {
      need(this.at < this.data.length, RULE, "cut off");
      this.held |= this.data[this.at] << this.count;
      this.at += 1;
      this.count += 8;
    }
    const value = this.held & ((1 << count) - 1);
    this.held >>>= count;
    this.count -= count;
    return value;
  }
}

function stored(bits, out, start) {
  bits.held = 0;
  bits.count = 0;
  const { data } = bits;
  need(bits.at + 4 <= data.length, RULE, "cut off");
  const length = data[bits.at] | (data[bits.at + 1] << 8);
  need((length ^ 0xffff) === (data[bits.at + 2] | (data[bits.at + 3] << 8)), RULE, length);
  bits.at += 4;
  need(bits.at + length <= data.length && start + length <= out.length, RULE, length);
  out.set(data.subarray(bits.at, bits.at + length), start);
  bits.at += length;
  return start + length;
}

function coded(bits, out, start, { literals, distances }) {
  let at = start;
  for (;;) {
    const symbol = next(bits, literals);
    if (symbol === 256) return at;
    if (symbol < 256) {
      need(at < out.length, RULE, at, out.length);
      out[at] = symbol;
      at += 1;
    } else {
      need(symbol - 257 < LENGTH_BASE.length, RULE, symbol);
      const length = LENGTH_BASE[symbol - 257] + bits.take(LENGTH_BITS[symbol - 257]);
      const place = next(bits, distances);
      need(place < DISTANCE_BASE.length, RULE, place);
      const distance = DISTANCE_BASE[place] + bits.take(DISTANCE_BITS[place]);
      need(distance <= at && at + length <= out.length, RULE, distance);
      // Byte by byte: what is copied may be what was just written.
      for (const end = at + length; at < end; at += 1) out[at] = out[at - distance];
    }
  }
}

/** A code as how many words of each length it has, and the symbols in the order of their words. */
function codeOf(lengths) {
  const counts = new Array(LONGEST + 1).fill(0);
  for (const length of lengths) counts[length] += 1;
  counts[0] = 0;
  const starts = new Array(LONGEST + 2).fill(0);
  let left = 1;
  for (let length = 1; length <= LONGEST; length += 1) {
    left = left * 2 - counts[length];
    need(left >= 0, RULE, "a code with more words than there are");
    starts[length + 1] = starts[length] + counts[length];
  }
  const symbols = [];
  lengths.forEach((length, symbol) => {
    if (length > 0) {
      symbols[starts[length]] = symbol;
      starts[length] += 1;
    }
  });
  return { counts, symbols };
}

function next(bits, { counts, symbols }) {
  let word = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= LONGEST; length += 1) {
    word |= bits.take(1);
    if (word - first < counts[length]) return symbols[index + word - first];
    index += counts[length];
    first = (first + counts[length]) << 1;
    word <<= 1;
  }
  need(false, RULE, "a word of no code");
  return -1;
}

function fixed() {
  const literals = [];
  for (let symbol = 0; symbol < 288; symbol += 1) literals.push(symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8);
  return { literals: codeOf(literals), distances: codeOf(new Array(30).fill(5)) };
}

function dynamic(bits) {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const lengths = new Array(19).fill(0);
  for (let at = 0, count = bits.take(4) + 4; at < count; at += 1) lengths[ORDER[at]] = bits.take(3);
  const code = codeOf(lengths);
  const found = [];
  while (found.length < literals + distances) {
    const symbol = next(bits, code);
    if (symbol < 16) {
      found.push(symbol);
    } else {
      need(symbol !== 16 || found.length > 0, RULE, "a repetition of nothing");
      const value = symbol === 16 ? found[found.length - 1] : 0;
      const times = symbol === 16 ? 3 + bits.take(2) : symbol === 17 ? 3 + bits.take(3) : 11 + bits.take(7);
      for (let n = 0; n < times; n += 1) found.push(value);
    }
  }
  need(found.length === literals + distances, RULE, "lengths left over");
  return { literals: codeOf(found.slice(0, literals)), distances: codeOf(found.slice(literals)) };
}
