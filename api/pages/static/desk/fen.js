// @ts-check
/** Yuan as people type them, in fen; the service judges them again. */

/**
 * @param {string} text `1,234.50`, `1234.5`, `-70`; at most two decimals
 * @returns {number | null} null for what is no amount
 */
export function fen(text) {
  const found = /^([+-])?(\d{1,11}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/\u2212/g, "-"));
  if (!found) return null;
  const whole = Number(found[2].replace(/,/g, "")) * 100 + Number((found[3] || "").padEnd(2, "0"));
  return found[1] === "-" ? -whole : whole;
}
