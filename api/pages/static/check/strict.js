/** Small texts that have exactly one spelling: whatever another program would quietly repair is refused here. */
import { text } from "./bytes.js";
import { need } from "./need.js";

// Every control character below U+0020 but the newline.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;
const DIGEST = /^[0-9a-f]{64}$/;
const DECIMAL = /^(?:0|[1-9][0-9]{0,19})$/;

/** UTF-8 in which the newline is the only control character. @throws {Malformed} `bytes.utf8`, `note.control` */
export function strictText(data) {
  const found = text(data);
  need(!CONTROL.test(found), "note.control");
  return found;
}

/** Whether a value is 64 hex digits in lower case. */
export function isDigest(value) {
  return typeof value === "string" && DIGEST.test(value);
}

/** An ASCII decimal without sign or leading zeros, at most `largest`. @returns {bigint} */
export function strictDecimal(written, rule, largest) {
  need(DECIMAL.test(written), rule, written);
  const number = BigInt(written);
  need(number <= largest, rule, written, largest);
  return number;
}

/** Whether a value is an object as JSON has them. */
export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether an object has exactly these fields, and of the optional ones any. */
export function hasFields(value, names, optional = []) {
  if (!isObject(value) || !names.every((name) => hasOwn(value, name))) return false;
  return Object.keys(value).every((name) => names.includes(name) || optional.includes(name));
}

/** Whether a field stands in an object itself, not in what every object inherits. */
export function hasOwn(value, name) {
  return Object.prototype.hasOwnProperty.call(value, name);
}

/** A field of an object, undefined where it does not stand in it. */
export function field(value, name) {
  return isObject(value) && hasOwn(value, name) ? value[name] : undefined;
}
