/**
 * ZIP archives, read within bounds: plain files, no links, no way out, no name twice, stored or deflated, and never more
 * bytes than the archive says and we allow.
 */
import { equal, text } from "./bytes.js";
import { inflate } from "./inflate.js";
import { MAX_FILES, checkPath } from "./manifest.js";
import { need } from "./need.js";

const MAX_BYTES = 1 << 30;
const MAX_FILE = 64 << 20;
/** Deflated, a byte stands for no more than so many; an archive that says otherwise lies, and is not given the room. */
const MOST_PACKED = 1040;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const RULE = "source.archive";

/** Whether bytes begin as an archive does. */
export function isZip(data) {
  return data.length > 4 && data[0] === 0x50 && data[1] === 0x4b;
}

/**
 * Open an archive; its directory is checked whole before the first file is read.
 * @param {Uint8Array} data
 * @returns {import("./source.js").Source}
 * @throws {Malformed} `source.archive`, `source.name`, `source.link`, `source.twice`, `source.files`, `source.bytes`,
 *   `source.packing`
 */
export function openZip(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const members = readDirectory(data, view);
  return {
    names: async () => [...members.keys()].sort(),
    read: async (path) => (members.has(path) ? unpack(data, view, members.get(path)) : null),
  };
}

function readDirectory(data, view) {
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  need(count <= MAX_FILES && count !== 0xffff, "source.files", count);
  const size = view.getUint32(end + 12, true);
  // What stands before the archive, a program that unpacks it for example, shifts every place in it.
  const shift = end - size - view.getUint32(end + 16, true);
  need(shift >= 0, RULE);
  const members = new Map();
  const seen = new Set();
  let total = 0;
  let at = end - size;
  for (let n = 0; n < count; n += 1) {
    need(at + 46 <= end && view.getUint32(at, true) === CENTRAL, RULE, n);
    const [nameLength, extraLength, noteLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const flags = view.getUint16(at + 8, true);
    const rawName = data.subarray(at + 46, at + 46 + nameLength);
    const member = {
      flags,
      rawName,
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packed: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      place: view.getUint32(at + 42, true) + shift,
    };
    const written = nameOf(rawName, flags);
    const name = checkPath(written.replace(/\/$/, ""));
    const kind = (view.getUint16(at + 40, true) & 0xf000) >> 12;
    need(kind === 0 || kind === 4 || kind === 8, "source.link", name);
    need((flags & 1) === 0 && (member.method === 0 || member.method === 8), "source.packing", name);
    need(!seen.has(name.toLowerCase()), "source.twice", name);
    seen.add(name.toLowerCase());
    total += member.size;
    const room = Math.min(MAX_FILE, member.method === 0 ? member.packed : member.packed * MOST_PACKED);
    need(member.size <= room && total <= MAX_BYTES, "source.bytes", total);
    if (!written.endsWith("/")) members.set(name, member);
    at += 46 + nameLength + extraLength + noteLength;
  }
  return members;
}

function findEnd(view) {
  for (let at = view.byteLength - 22; at >= 0 && at >= view.byteLength - 22 - 0xffff; at -= 1) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) <= view.byteLength) return at;
  }
  need(false, RULE, "no directory");
  return -1;
}

/** Names that are not ASCII must say that they are UTF-8: in which of the old code pages they are, nobody knows. */
function nameOf(raw, flags) {
  need((flags & 0x800) !== 0 || raw.every((byte) => byte < 128), "source.name");
  return text(raw);
}

/** @throws {Malformed} `source.archive` for a damaged file */
function unpack(data, view, member) {
  const { place, packed, size, rawName } = member;
  need(place + 30 <= data.length && view.getUint32(place, true) === LOCAL, RULE);
  const nameLength = view.getUint16(place + 26, true);
  const start = place + 30 + nameLength + view.getUint16(place + 28, true);
  need(start + packed <= data.length, RULE);
  need(equal(data.subarray(place + 30, place + 30 + nameLength), rawName), RULE);
  const within = data.subarray(start, start + packed);
  need(member.method === 8 || packed === size, RULE);
  const found = member.method === 0 ? within : inflate(within, size);
  need(crc32(found) === member.crc, RULE, "another check sum");
  return found;
}

const CRC = new Int32Array(256).map((_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(data) {
  let value = -1;
  for (let at = 0; at < data.length; at += 1) value = (value >>> 8) ^ CRC[(value ^ data[at]) & 255];
  return (value ^ -1) >>> 0;
}
