/**
 * Where files come from: one small interface, so that checking is written once over memory, an archive, a server.
 *
 * @typedef {object} Source
 * @property {(path: string) => Promise<Uint8Array|null>} read a file, null where there is none; throws what has a `rule`
 *   where there is one that cannot be read
 * @property {() => Promise<string[]>} names all paths, sorted; none where they cannot be listed
 */

/** Files in memory. @param {Map<string, Uint8Array>} files @returns {Source} */
export function fromMemory(files) {
  return {
    read: async (path) => files.get(path) || null,
    names: async () => [...files.keys()].sort(),
  };
}

/**
 * A source whose faults become findings: a file that is there and cannot be read is noted, once, and is then not there.
 * @param {Source} source
 * @param {import("./findings.js").Findings} findings
 * @returns {Source}
 */
export function withFindings(source, findings) {
  const noted = new Set();
  return {
    async read(path) {
      try {
        return await source.read(path);
      } catch (error) {
        if (!noted.has(path)) findings.refuse("file.unreadable", { path }, error);
        noted.add(path);
        return null;
      }
    },
    async names() {
      try {
        return await source.names();
      } catch (error) {
        findings.refuse("file.unreadable", {}, error);
        return [];
      }
    },
  };
}
