// @ts-check
/** Handing in a file that an act names by its digest. */

/**
 * @param {string} base `/api/v1/ledgers/<ledger>`
 * @param {File} file
 * @param {string} audience who may read it
 * @returns {Promise<string>} its digest
 * @throws {Error} with the refusal in words
 */
export async function handedIn(base, file, audience) {
  const headers = { "Content-Type": "application/octet-stream", "Accept-Language": document.documentElement.lang };
  const answer = await fetch(base + "/documents?audience=" + audience, {
    method: "POST", headers, body: file, credentials: "same-origin",
  });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(said.detail || String(answer.status));
  return said.digest;
}
