// @ts-check
/**
 * The small tree of a batch (RFC 6962 §2.1): its root, and the path that proves the place of each leaf in it.
 * At most 512 leaves, so every node is kept.
 */

import { concat } from "../check/bytes.js";
import { sha256 } from "../check/sha2.js";

/** @param {Uint8Array} data */
export function leafHash(data) {
  return sha256(concat([0], data));
}

/**
 * @param {Uint8Array} left
 * @param {Uint8Array} right
 */
function nodeHash(left, right) {
  return sha256(concat([1], left, right));
}

/**
 * The root over leaf hashes, and the inclusion path of each of them: sibling first.
 * @param {Uint8Array[]} leaves one or more
 * @returns {{root: Uint8Array, paths: Uint8Array[][]}}
 */
export function tree(leaves) {
  if (leaves.length === 1) return { root: leaves[0], paths: [[]] };
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  const left = tree(leaves.slice(0, split));
  const right = tree(leaves.slice(split));
  left.paths.forEach((path) => path.push(right.root));
  right.paths.forEach((path) => path.push(left.root));
  return { root: nodeHash(left.root, right.root), paths: left.paths.concat(right.paths) };
}
