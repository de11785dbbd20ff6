/**
 * The Merkle tree of RFC 6962 with SHA-256: roots, compact ranges, and the two checks of proofs.
 *
 * Indexes and sizes of proofs are BigInt, since a head may claim up to 2^64 - 1 entries; a tree that is built here is
 * counted in plain numbers. A proof of the wrong length is refused before a hash is computed.
 */
import { sha256 } from "./sha2.js";
import { concat, equal, hex } from "./bytes.js";
import { need } from "./need.js";

export const HASH_SIZE = 32;
const LEAF = new Uint8Array([0]);
const NODE = new Uint8Array([1]);
/** The root of a tree without leaves. */
export const EMPTY_ROOT = sha256(new Uint8Array(0));

/** The hash of one entry. */
export function leafHash(data) {
  return sha256(concat(LEAF, data));
}

/** The hash of an inner node. */
export function nodeHash(left, right) {
  return sha256(concat(NODE, left, right));
}

/** A tree as it grows: how many leaves, and the roots of its complete subtrees from the left. */
export class Range {
  constructor() {
    this.size = 0;
    this.peaks = [];
  }

  /** One more leaf hash. */
  append(leaf) {
    let value = leaf;
    for (let index = this.size; index % 2 === 1; index = (index - 1) / 2) value = nodeHash(this.peaks.pop(), value);
    this.peaks.push(value);
    this.size += 1;
  }

  /** The root of all leaves so far. */
  root() {
    if (this.size === 0) return EMPTY_ROOT;
    let value = this.peaks[this.peaks.length - 1];
    for (let at = this.peaks.length - 2; at >= 0; at -= 1) value = nodeHash(this.peaks[at], value);
    return value;
  }
}

/** The root over leaf hashes. */
export function root(leaves) {
  const range = new Range();
  for (const leaf of leaves) range.append(leaf);
  return range.root();
}

function bitLength(number) {
  return number === 0n ? 0 : number.toString(2).length;
}

function bitCount(number) {
  return number.toString(2).split("1").length - 1;
}

/** How many hashes of a path have their side told by the bits of the index, and how many come from the left. */
function pathShape(index, size) {
  const inner = bitLength(index ^ (size - 1n));
  return [inner, bitCount(index >> BigInt(inner))];
}

/**
 * The root of a tree of `size` leaves under which `path` puts the leaf hash at `index`; to be compared.
 * @param {bigint} index
 * @param {bigint} size
 */
export function rootFromInclusion(index, size, leaf, path) {
  need(index >= 0n && index < size, "merkle.index", index, size);
  const [inner, border] = pathShape(index, size);
  need(path.length === inner + border, "merkle.path_length", path.length, inner + border);
  need(path.every((hash) => hash.length === HASH_SIZE), "merkle.hash_size");
  let value = leaf;
  for (let level = 0; level < inner; level += 1) {
    const isRight = (index >> BigInt(level)) & 1n;
    value = isRight ? nodeHash(path[level], value) : nodeHash(value, path[level]);
  }
  for (let at = inner; at < path.length; at += 1) value = nodeHash(path[at], value);
  return value;
}

/** Return if `path` proves that the leaf hash stands at `index` under `head` of a tree of `size` leaves. */
export function checkInclusion(leaf, index, size, path, head) {
  const value = rootFromInclusion(index, size, leaf, path);
  need(equal(value, head), "merkle.inclusion", hex(value), hex(head));
}

/**
 * Return if `path` proves that the tree of `old` leaves is the beginning of that of `size` leaves.
 * @param {bigint} old
 * @param {bigint} size
 */
export function checkConsistency(old, oldRoot, size, newRoot, path) {
  need(old >= 0n && old <= size, "merkle.sizes", old, size);
  need(old > 0n || equal(oldRoot, EMPTY_ROOT), "merkle.empty_root");
  need(size > 0n || equal(newRoot, EMPTY_ROOT), "merkle.empty_root");
  if (old === 0n || old === size) {
    need(path.length === 0, "merkle.path_length", path.length, 0);
    need(old !== size || equal(oldRoot, newRoot), "merkle.old_root", hex(oldRoot), hex(newRoot));
    return;
  }
  let level = 0;
  while (((old >> BigInt(level)) & 1n) === 0n) level += 1;
  const index = (old - 1n) >> BigInt(level);
  const [inner, border] = pathShape(index, ((size - 1n) >> BigInt(level)) + 1n);
  const start = index === 0n ? 0 : 1;
  need(path.length === start + inner + border, "merkle.path_length", path.length, start + inner + border);
  need(path.every((hash) => hash.length === HASH_SIZE), "merkle.hash_size");
  let before = start ? path[0] : oldRoot;
  let after = before;
  for (let height = 0; height < inner; height += 1) {
    const sibling = path[start + height];
    if ((index >> BigInt(height)) & 1n) {
      before = nodeHash(sibling, before);
      after = nodeHash(sibling, after);
    } else {
      after = nodeHash(after, sibling);
    }
  }
  for (let at = start + inner; at < path.length; at += 1) {
    before = nodeHash(path[at], before);
    after = nodeHash(path[at], after);
  }
  need(equal(before, oldRoot), "merkle.old_root", hex(before), hex(oldRoot));
  need(equal(after, newRoot), "merkle.new_root", hex(after), hex(newRoot));
}
