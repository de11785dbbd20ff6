// @ts-check
/**
 * SHAKE128 and SHAKE256 (FIPS 202), for ML-DSA: hashes that give as many bytes as are asked for.
 */

/**
 * The state is 25 lanes of 64 bits, each two 32-bit words, the lower first. Lane (x, y) is number x + 5·y (§3.1.2).
 *
 * Where lane i goes in the steps ρ and π together, and by how many bits it turns on its way (§3.2.2, §3.2.3): both steps
 * follow one walk through the 24 lanes other than (0, 0), from (x, y) to (y, 2x + 3y), the t-th turning by (t+1)(t+2)/2.
 */
const TARGET = new Uint8Array(25);
const TURN = new Uint8Array(25);
for (let t = 0, x = 1, y = 0; t < 24; t++) {
  const next = (2 * x + 3 * y) % 5;
  TARGET[x + 5 * y] = y + 5 * next;
  TURN[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
  x = y;
  y = next;
}

/**
 * The constants of step ι (§3.2.5, algorithm 5): bit 2^j − 1 of the constant of a round is the (j + 7·round)-th output of a
 * shift register.
 */
const ROUND = new Int32Array(48);
for (let round = 0, register = 1; round < 24; round++) {
  for (let j = 0; j <= 6; j++) {
    const bit = 2 ** j - 1;
    if (register & 1) ROUND[2 * round + (bit >> 5)] ^= 1 << (bit & 31);
    register = register & 0x80 ? ((register << 1) & 0xff) ^ 0x71 : register << 1;
  }
}

const PARITY = new Int32Array(10);
const TURNED = new Int32Array(50);

/**
 * Keccak-p[1600, 24] (§3.3).
 * @param {Int32Array} state
 */
function permute(state) {
  for (let round = 0; round < 24; round++) {
    // θ: to each lane the parities of the column before and, turned by one bit, of the column behind.
    for (let i = 0; i < 10; i++) PARITY[i] = state[i] ^ state[i + 10] ^ state[i + 20] ^ state[i + 30] ^ state[i + 40];
    for (let x = 0; x < 5; x++) {
      const before = 2 * ((x + 4) % 5);
      const behind = 2 * ((x + 1) % 5);
      const low = PARITY[before] ^ ((PARITY[behind] << 1) | (PARITY[behind + 1] >>> 31));
      const high = PARITY[before + 1] ^ ((PARITY[behind + 1] << 1) | (PARITY[behind] >>> 31));
      for (let i = 2 * x; i < 50; i += 10) {
        state[i] ^= low;
        state[i + 1] ^= high;
      }
    }
    // ρ and π. A turn by 32 or more changes the words of a lane; a shift by 32 is none in JavaScript, so 0 stands apart.
    for (let lane = 0; lane < 25; lane++) {
      const turn = TURN[lane];
      const low = state[2 * lane + (turn >> 5)];
      const high = state[2 * lane + 1 - (turn >> 5)];
      const left = turn & 31;
      const to = 2 * TARGET[lane];
      TURNED[to] = left ? (low << left) | (high >>> (32 - left)) : low;
      TURNED[to + 1] = left ? (high << left) | (low >>> (32 - left)) : high;
    }
    // χ
    for (let row = 0; row < 50; row += 10) {
      for (let i = 0; i < 10; i++) {
        state[row + i] = TURNED[row + i] ^ (~TURNED[row + ((i + 2) % 10)] & TURNED[row + ((i + 4) % 10)]);
      }
    }
    // ι
    state[0] ^= ROUND[2 * round];
    state[1] ^= ROUND[2 * round + 1];
  }
}

/** A sponge (§4) that has taken in its whole input and gives its output in pieces of any size. */
export class Shake {
  /**
   * @param {128 | 256} strength in bits
   * @param {...Uint8Array} inputs the input, in pieces
   */
  constructor(strength, ...inputs) {
    this._rate = 200 - strength / 4;
    this._state = new Int32Array(50);
    this._at = 0;
    for (const input of inputs) for (let i = 0; i < input.length; i++) this._take(input[i]);
    // §6.2 and §5.1: the bits 1111 tell SHAKE from its relatives; then 1, zeros, and 1 as the last bit of the block.
    this._mix(this._at, 0x1f);
    this._mix(this._rate - 1, 0x80);
    this._at = this._rate;
  }

  /**
   * The next bytes of the output.
   * @param {number} length
   * @returns {Uint8Array}
   */
  squeeze(length) {
    const out = new Uint8Array(length);
    for (let i = 0; i < length; i++, this._at++) {
      if (this._at === this._rate) {
        permute(this._state);
        this._at = 0;
      }
      out[i] = this._state[this._at >> 2] >>> (8 * (this._at & 3));
    }
    return out;
  }

  /** @param {number} byte */
  _take(byte) {
    this._mix(this._at++, byte);
    if (this._at === this._rate) {
      permute(this._state);
      this._at = 0;
    }
  }

  /** @param {number} at @param {number} byte */
  _mix(at, byte) {
    this._state[at >> 2] ^= byte << (8 * (at & 3));
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} length of the output, in bytes
 * @returns {Uint8Array}
 */
export function shake128(bytes, length) {
  return new Shake(128, bytes).squeeze(length);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} length of the output, in bytes
 * @returns {Uint8Array}
 */
export function shake256(bytes, length) {
  return new Shake(256, bytes).squeeze(length);
}
