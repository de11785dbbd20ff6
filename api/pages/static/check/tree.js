/** The log's tree made again from its entries, each tile and the head's root compared; no tile is believed. */
import { concat, equal } from "./bytes.js";
import { HASH_SIZE, Range, root } from "./merkle.js";
import { WIDTH, tilePath } from "./tiles.js";

export class Tree {
  /** @param {import("./source.js").Source} source @param {import("./findings.js").Findings} findings */
  constructor(source, findings) {
    this._source = source;
    this._findings = findings;
    this._rows = [];
    this._range = new Range();
    this._part = new Range();
    /** The leaf hash of each entry. @type {Uint8Array[]} */
    this.hashes = [];
  }

  /** Take the leaf hashes of the next bundle; all but the last are full. @param {Uint8Array[]} hashes */
  async add(hashes) {
    for (const hash of hashes) {
      this.hashes.push(hash);
      this._range.append(hash);
    }
    let row = hashes;
    for (let level = 0; row.length > 0; level += 1) {
      row = this._rows[level] = (this._rows[level] || []).concat(row);
      if (row.length < WIDTH) break;
      await this._compare(level, row);
      this._rows[level] = [];
      row = [root(row)];
    }
  }

  /** Compare the tiles at the edge. */
  async finish() {
    for (let level = 0; level < this._rows.length; level += 1) {
      if (this._rows[level].length > 0) await this._compare(level, this._rows[level]);
    }
  }

  /** The root over all entries so far. */
  root() {
    return this._range.root();
  }

  /** The root over the first `size` entries, of those that are here. Sizes that ascend are made of one another. */
  rootAt(size) {
    if (size < this._part.size) this._part = new Range();
    while (this._part.size < size) this._part.append(this.hashes[this._part.size]);
    return this._part.root();
  }

  async _compare(level, row) {
    const index = Math.floor((Math.floor(this.hashes.length / WIDTH ** level) - 1) / WIDTH);
    const path = tilePath(level, index, row.length);
    const data = await this._source.read(path);
    if (data === null) {
      this._findings.add("tile.missing", { path });
      return;
    }
    this._findings.count("tiles");
    const own = concat(...row);
    if (equal(data, own)) return;
    const where = { path };
    if (level === 0) {
      let offset = 0;
      while (offset < data.length && offset < own.length && data[offset] === own[offset]) offset += 1;
      where.offset = offset;
      const entry = index * WIDTH + Math.floor(offset / HASH_SIZE);
      if (entry < this.hashes.length) where.entry = entry;
    }
    this._findings.add("tile.differs", where);
  }
}
