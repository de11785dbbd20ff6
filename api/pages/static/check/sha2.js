// @ts-check
/**
 * SHA-256 and SHA-512 (FIPS 180-4), synchronous: every leaf, node and record digest is one of the first, every Ed25519
 * challenge one of the second.
 *
 * WebCrypto hashes too, but only where the page is a secure context and only through a promise for each call; a tree of
 * ten thousand leaves would be twenty thousand promises.
 */

/**
 * The first 64 bits of the fractional part of a root of a prime, as two 32-bit words. FIPS 180-4 takes all its constants
 * from there (§4.2.2, §4.2.3, §5.3.3, §5.3.5), so that nobody could choose them; computing them again leaves no table of
 * numbers to be mistyped. The words of SHA-256 are the upper halves of those of SHA-512.
 * @param {number} prime
 * @param {2 | 3} degree square or cube root
 * @returns {[number, number]} upper and lower word
 */
function fractionOfRoot(prime, degree) {
  const scaled = BigInt(prime) << BigInt(64 * degree);
  let root = 0n;
  // The root of a prime below 410 lies under 2⁵, scaled under 2⁶⁹: settle its bits from the top.
  for (let bit = 1n << 68n; bit; bit >>= 1n) {
    const tried = root | bit;
    if (tried ** BigInt(degree) <= scaled) root = tried;
  }
  return [Number((root >> 32n) & 0xffffffffn), Number(root & 0xffffffffn)];
}

const PRIMES = [];
for (let n = 2; PRIMES.length < 80; n++) if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);

const START_512 = Int32Array.from(PRIMES.slice(0, 8).flatMap((prime) => fractionOfRoot(prime, 2)));
const ROUND_512 = Int32Array.from(PRIMES.flatMap((prime) => fractionOfRoot(prime, 3)));
const START_256 = START_512.filter((_, i) => i % 2 === 0);
const ROUND_256 = ROUND_512.filter((_, i) => i % 2 === 0).subarray(0, 64);

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array} 32 bytes
 */
export function sha256(bytes) {
  return new Sha256().update(bytes).digest();
}

/** SHA-256 of bytes that come in pieces. A digest ends it. */
export class Sha256 {
  constructor() {
    this._state = START_256.slice();
    this._block = new Uint8Array(64);
    this._length = 0;
  }

  /**
   * @param {Uint8Array} bytes
   * @returns {this}
   */
  update(bytes) {
    let at = 0;
    const filled = this._length % 64;
    this._length += bytes.length;
    if (filled) {
      at = Math.min(64 - filled, bytes.length);
      this._block.set(bytes.subarray(0, at), filled);
      if (filled + at < 64) return this;
      compress256(this._state, this._block, 0);
    }
    for (; at + 64 <= bytes.length; at += 64) compress256(this._state, bytes, at);
    this._block.set(bytes.subarray(at));
    return this;
  }

  /** @returns {Uint8Array} 32 bytes */
  digest() {
    // §5.1.1: a one bit, zeros, and the length in bits as the last eight bytes of a block.
    const length = this._length;
    const padding = new Uint8Array(((119 - (length % 64)) % 64) + 9);
    padding[0] = 0x80;
    writeLength(padding, length);
    this.update(padding);
    return bigEndian(this._state);
  }
}

const SCHEDULE_256 = new Int32Array(64);

/**
 * §6.2.2: one block of 64 bytes into the state.
 * @param {Int32Array} state
 * @param {Uint8Array} bytes
 * @param {number} at where in `bytes` the block begins
 */
function compress256(state, bytes, at) {
  const w = SCHEDULE_256;
  for (let t = 0; t < 16; t++, at += 4) {
    w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15];
    const y = w[t - 2];
    const sigma0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const sigma1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = (sigma1 + w[t - 7] + sigma0 + w[t - 16]) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + sum1 + choice + ROUND_256[t] + w[t]) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Uint8Array} 64 bytes
 */
export function sha512(bytes) {
  // §5.1.2: as above with blocks of 128 bytes and a length of 16, of which ours never fills more than eight.
  const padded = new Uint8Array(Math.ceil((bytes.length + 17) / 128) * 128);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  writeLength(padded, bytes.length);
  const state = START_512.slice();
  for (let at = 0; at < padded.length; at += 128) compress512(state, padded, at);
  return bigEndian(state);
}

const SCHEDULE_512 = new Int32Array(160);

/**
 * §6.4.2: one block of 128 bytes into the state. A 64-bit word is two 32-bit words, the upper first, for want of a
 * native integer of that size. The carry of a sum of lower halves is what it exceeds 2³² by, which a double holds exactly.
 * @param {Int32Array} state
 * @param {Uint8Array} bytes
 * @param {number} at where in `bytes` the block begins
 */
function compress512(state, bytes, at) {
  const w = SCHEDULE_512;
  for (let t = 0; t < 32; t++, at += 4) {
    w[t] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let t = 32; t < 160; t += 2) {
    const xh = w[t - 30];
    const xl = w[t - 29];
    const yh = w[t - 4];
    const yl = w[t - 3];
    // σ0: right by 1 and 8 in a circle, by 7 out of the word; σ1: by 19 and 61, by 6.
    const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
    const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
    const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
    const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
    const low = (s1l >>> 0) + (w[t - 13] >>> 0) + (s0l >>> 0) + (w[t - 31] >>> 0);
    w[t] = s1h + w[t - 14] + s0h + w[t - 32] + Math.floor(low / 0x100000000);
    w[t + 1] = low;
  }
  const v = state.slice();
  for (let t = 0; t < 160; t += 2) {
    const ah = v[0];
    const al = v[1];
    const eh = v[8];
    const el = v[9];
    // Σ1: right by 14, 18, 41; Σ0: by 28, 34, 39.
    const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
    const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
    const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
    const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
    const choiceH = (eh & v[10]) ^ (~eh & v[12]);
    const choiceL = (el & v[11]) ^ (~el & v[13]);
    const majorityH = (ah & v[2]) ^ (ah & v[4]) ^ (v[2] & v[4]);
    const majorityL = (al & v[3]) ^ (al & v[5]) ^ (v[3] & v[5]);
    const low1 = (v[15] >>> 0) + (s1l >>> 0) + (choiceL >>> 0) + (ROUND_512[t + 1] >>> 0) + (w[t + 1] >>> 0);
    const high1 = (v[14] + s1h + choiceH + ROUND_512[t] + w[t] + Math.floor(low1 / 0x100000000)) | 0;
    const lowA = (low1 >>> 0) + (s0l >>> 0) + (majorityL >>> 0);
    const lowE = (v[7] >>> 0) + (low1 >>> 0);
    v.copyWithin(2, 0, 14);
    v[8] += high1 + Math.floor(lowE / 0x100000000);
    v[9] = lowE;
    v[0] = high1 + s0h + majorityH + Math.floor(lowA / 0x100000000);
    v[1] = lowA;
  }
  for (let i = 0; i < 16; i += 2) {
    const low = (state[i + 1] >>> 0) + (v[i + 1] >>> 0);
    state[i] += v[i] + Math.floor(low / 0x100000000);
    state[i + 1] = low;
  }
}

/**
 * Write a number of bytes as a number of bits, big-endian, into the last eight bytes.
 * @param {Uint8Array} padded
 * @param {number} length
 */
function writeLength(padded, length) {
  const view = new DataView(padded.buffer, padded.byteOffset + padded.length - 8, 8);
  view.setUint32(0, Math.floor(length / 0x20000000));
  view.setUint32(4, (length << 3) >>> 0);
}

/**
 * @param {Int32Array} words
 * @returns {Uint8Array}
 */
function bigEndian(words) {
  const out = new Uint8Array(words.length * 4);
  const view = new DataView(out.buffer);
  words.forEach((word, i) => view.setInt32(4 * i, word));
  return out;
}
