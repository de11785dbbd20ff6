/** The texts of the checking page, in the reader's language, as the page brought them: keyed, never written here. */

/** @type {Record<string, string>} */
const WORDS = JSON.parse(document.getElementById("check-words").textContent);

/** The text of a key with values in its placeholders; the key itself where there is none. */
export function say(key, values = {}) {
  const pattern = WORDS[key] === undefined ? key : WORDS[key];
  return pattern.replace(/\{([a-z_]+)\}/g, (whole, name) => (values[name] === undefined ? whole : String(values[name])));
}
