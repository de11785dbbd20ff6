/**
 * A server's log as a source of files: the log by C2SP paths, statements by the service's. Only "not there" is an answer
 * about the ledger; a network that fails ends the check.
 */

/**
 * @param {string} log the address of the log's files, ending in a slash
 * @param {string} statements the address of the statements, ending in a slash
 * @returns {import("../check/source.js").Source}
 */
export function fromServer(log, statements) {
  return {
    async read(path) {
      const folder = "statements/";
      const from = path.startsWith(folder) ? statements + path.slice(folder.length) : log + path;
      const answer = await fetch(from, { credentials: "omit", cache: path === "checkpoint" ? "no-store" : "default" });
      if (answer.status === 404) return null;
      if (!answer.ok) throw new Error(`${answer.status} ${path}`);
      return new Uint8Array(await answer.arrayBuffer());
    },
    names: async () => [],
  };
}
