/** `manifest.json`: every file of a bundle with its length and SHA-256. It is signed by nobody; it names what is damaged. */
import { hex } from "./bytes.js";
import { decode } from "./canonical.js";
import { need } from "./need.js";
import { sha256 } from "./sha2.js";
import { hasFields, isDigest } from "./strict.js";

export const MANIFEST = "manifest.json";
export const MAX_FILES = 200000;
const MAX_NAME = 400;

/** The path, if it is relative and stays below its source on every system. @throws {Malformed} `source.name` */
export function checkPath(path) {
  const parts = path.split("/");
  const bad = parts.some((part) => part === "" || part === "." || part === "..") || /[\u0000-\u001f\\:\u007f]/.test(path);
  need(!bad && Array.from(path).length <= MAX_NAME, "source.name", path.slice(0, MAX_NAME));
  return path;
}

/** @returns {{path: string, size: number, sha256: string}[]} */
function parseManifest(data) {
  const value = decode(data);
  need(hasFields(value, ["files", "manifest"]) && Array.isArray(value.files), "manifest.fields");
  need(value.manifest === 1, "manifest.version", value.manifest, 1);
  need(value.files.length <= MAX_FILES, "manifest.files", value.files.length, MAX_FILES);
  value.files.forEach((row, at) => {
    need(hasFields(row, ["path", "sha256", "size"]), "manifest.file");
    need(typeof row.path === "string" && typeof row.size === "number" && row.size >= 0, "manifest.file", row.path);
    need(isDigest(row.sha256), "manifest.file", row.sha256);
    checkPath(row.path);
    need(at === 0 || isBefore(value.files[at - 1].path, row.path), "manifest.order");
  });
  return value.files;
}

/** Order by code points, as where it was written; strings here compare by UTF-16 units. */
function isBefore(one, other) {
  const [a, b] = [Array.from(one), Array.from(other)];
  for (let at = 0; at < a.length && at < b.length; at += 1) {
    if (a[at] !== b[at]) return a[at].codePointAt(0) < b[at].codePointAt(0);
  }
  return a.length < b.length;
}

/**
 * Compare every file with the manifest, and the manifest with the files.
 * @param {(path: string) => Promise<Uint8Array|null>} read
 * @param {string[]} names
 * @param {(done: number, whole: number) => Promise<void>} progress
 */
export async function checkManifest(read, names, findings, progress) {
  const data = await read(MANIFEST);
  if (data === null) {
    findings.add("manifest.missing", { path: MANIFEST });
    return;
  }
  let listed;
  try {
    listed = parseManifest(data);
  } catch (error) {
    const { offset } = error.context || {};
    findings.refuse("manifest.malformed", offset === undefined ? { path: MANIFEST } : { path: MANIFEST, offset }, error);
    return;
  }
  let done = 0;
  for (const { path, size, sha256: digest } of listed) {
    const found = await read(path);
    if (found === null) {
      findings.add("file.missing", { path });
    } else {
      findings.count("files");
      if (found.length !== size || hex(sha256(found)) !== digest) findings.add("file.differs", { path });
    }
    done += 1;
    await progress(done, listed.length);
  }
  const known = new Set(listed.map(({ path }) => path)).add(MANIFEST);
  for (const path of names) if (!known.has(path)) findings.add("file.unlisted", { path });
}
