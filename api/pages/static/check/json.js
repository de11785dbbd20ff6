// @ts-check
/**
 * A reader of JSON (RFC 8259) that forgets nothing which matters to canonical bytes.
 *
 * JSON.parse keeps the last of two equal keys without a word, moves keys that look like numbers to the front, rounds
 * integers above 2⁵³ and takes `1.0` for `1`. Here an object is a Map in the order of its text, and a number that is not a
 * plain integer within ±(2⁵³ − 1) is an {@link Outside} that says why. canonical.js judges all that; this file judges the
 * grammar alone.
 */

/** Containers within one another that the reader follows, as many as the reader of ledger/canonical.py. */
const MAX_NESTED = 1024;

/** A number that canonical JSON has no place for. */
export class Outside {
  /**
   * @param {string} rule `canonical.integer` or `canonical.fraction`
   * @param {string} text the number as it is written
   */
  constructor(rule, text) {
    this.rule = rule;
    this.text = text;
  }
}

/** The text is no JSON. The caller turns it into an error of its own. */
export class NotJson extends Error {}

/**
 * The members of an object, in the order of the text.
 * @augments {Map<string, any>}
 */
export class Members extends Map {}

/** @typedef {null | boolean | number | string | Outside | any[] | Members} Parsed */

/**
 * The value that a whole text stands for. Of two equal keys the last counts, in the place of the first; the two show when
 * the value is encoded again.
 * @param {string} source
 * @returns {Parsed}
 * @throws {NotJson}
 */
export function parse(source) {
  return new Reader(source).document();
}

/** RFC 8259 §3 and §7: what the sticky expressions take is taken whole. */
const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const HEX4 = /[0-9a-fA-F]{4}/y;
/** @type {Record<string, string>} */
const SHORT = { '"': '"', "\\": "\\", "/": "/", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
/** @type {Record<string, boolean | null>} */
const NAMES = { t: true, f: false, n: null };

class Reader {
  /** @param {string} source */
  constructor(source) {
    this.source = source;
    this.at = 0;
  }

  /** @returns {Parsed} */
  document() {
    this.space();
    const value = this.value(MAX_NESTED);
    this.space();
    if (this.at !== this.source.length) throw this.fault("the end");
    return value;
  }

  /**
   * @param {number} room containers that may still open
   * @returns {Parsed}
   */
  value(room) {
    const first = this.source[this.at];
    if (first === "{" || first === "[") {
      if (!room) throw this.fault("fewer containers within one another");
      this.at++;
      return first === "{" ? this.object(room - 1) : this.array(room - 1);
    }
    if (first === '"') return this.string();
    if (first === "t" || first === "f" || first === "n") return this.name(first);
    return this.number();
  }

  /**
   * @param {number} room
   * @returns {Members}
   */
  object(room) {
    const members = new Members();
    this.space();
    if (this.takes("}")) return members;
    do {
      this.space();
      if (this.source[this.at] !== '"') throw this.fault("a key");
      const key = this.string();
      this.space();
      if (!this.takes(":")) throw this.fault("a colon");
      this.space();
      members.set(key, this.value(room));
      this.space();
    } while (this.takes(","));
    if (!this.takes("}")) throw this.fault("a comma or }");
    return members;
  }

  /**
   * @param {number} room
   * @returns {Parsed[]}
   */
  array(room) {
    /** @type {Parsed[]} */
    const items = [];
    this.space();
    if (this.takes("]")) return items;
    do {
      this.space();
      items.push(this.value(room));
      this.space();
    } while (this.takes(","));
    if (!this.takes("]")) throw this.fault("a comma or ]");
    return items;
  }

  /** @returns {string} */
  string() {
    this.at++;
    let out = this.match(PLAIN);
    while (!this.takes('"')) {
      if (!this.takes("\\")) throw this.fault("a character, an escape or a quotation mark");
      out += this.escape() + this.match(PLAIN);
    }
    return out;
  }

  /** @returns {string} the character or characters of the escape behind a backslash */
  escape() {
    const letter = this.source[this.at++];
    if (letter !== "u") {
      if (!Object.prototype.hasOwnProperty.call(SHORT, letter)) throw this.fault("an escape");
      return SHORT[letter];
    }
    const unit = this.unit();
    if (unit < 0xd800 || unit > 0xdfff) return String.fromCharCode(unit);
    // The two halves of a pair stand together or not at all: alone neither is a character.
    if (unit > 0xdbff || !this.takes("\\") || !this.takes("u")) throw this.fault("a pair of surrogates");
    const low = this.unit();
    if (low < 0xdc00 || low > 0xdfff) throw this.fault("a pair of surrogates");
    return String.fromCharCode(unit, low);
  }

  unit() {
    const digits = this.match(HEX4);
    if (!digits) throw this.fault("four hexadecimal digits");
    return parseInt(digits, 16);
  }

  /** @returns {number | Outside} */
  number() {
    NUMBER.lastIndex = this.at;
    const found = NUMBER.exec(this.source);
    if (!found) throw this.fault("a value");
    const [text, fraction, exponent] = found;
    const value = Number(text);
    // No double is that great, so readers that make doubles of numbers, ours in Python among them, find no value here.
    if (!Number.isFinite(value)) throw this.fault("a number within the range of doubles");
    this.at = NUMBER.lastIndex;
    if (fraction || exponent) return new Outside("canonical.fraction", text);
    // A minus before zero is lost here, and missed when the value is encoded again.
    if (Number.isSafeInteger(value)) return value + 0;
    return new Outside(isWord(text) ? "canonical.integer" : "canonical.fraction", text);
  }

  /**
   * @param {string} first
   * @returns {boolean | null}
   */
  name(first) {
    const value = NAMES[first];
    const name = String(value);
    if (!this.source.startsWith(name, this.at)) throw this.fault("a value");
    this.at += name.length;
    return value;
  }

  /** @param {string} character */
  takes(character) {
    if (this.source[this.at] !== character) return false;
    this.at++;
    return true;
  }

  space() {
    this.match(SPACE);
  }

  /** @param {RegExp} pattern a sticky one */
  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (!found) return "";
    this.at = pattern.lastIndex;
    return found[0];
  }

  /** @param {string} wanted */
  fault(wanted) {
    return new NotJson("at character " + this.at + ": wanted " + wanted);
  }
}

/**
 * Whether an integer fits 64 bits, signed or not. A greater one is a double to the reader of ledger/canonical.py, and the
 * refusal calls it a fraction; the two readers give one name to one fault.
 * @param {string} digits
 */
function isWord(digits) {
  const value = BigInt(digits);
  return value >= -(1n << 63n) && value < 1n << 64n;
}
