// @ts-check
/**
 * The ring of ML-DSA: polynomials of degree below 256 over the integers modulo q, modulo X²⁵⁶ + 1 (FIPS 204 §2.4), and
 * their transform by which they are multiplied (§7.5).
 *
 * A polynomial is an Int32Array of 256 coefficients from 0 to q − 1; transformed, of its values at the odd powers of ζ.
 */

export const Q = 8380417;
export const N = 256;

/**
 * a · b modulo q, for factors from 0 to q. The product is below 2⁴⁶, exact in a double. So is the quotient's floor: its
 * fraction is 0 or at least 1/q > 2⁻²³, and doubles of its size lie 2⁻³⁰ apart.
 * @param {number} a
 * @param {number} b
 */
function times(a, b) {
  const product = a * b;
  return product - Math.floor(product / Q) * Q;
}

/** ζ = 1753 to the power of the number m with its eight bits reversed (§7.5, Appendix B). */
const ZETAS = new Int32Array(N);
for (let m = 0; m < N; m++) {
  let zeta = 1;
  for (let bit = 128, power = 1753; bit; bit >>= 1, power = times(power, power)) if (m & bit) zeta = times(zeta, power);
  ZETAS[m] = zeta;
}

/** 256⁻¹ modulo q. */
const SCALE = 8347681;

/**
 * Transform a polynomial in place (algorithm 41).
 * @param {Int32Array} w
 */
export function transform(w) {
  for (let length = 128, m = 1; length; length >>= 1) {
    for (let start = 0; start < N; start += 2 * length) {
      const zeta = ZETAS[m++];
      for (let j = start; j < start + length; j++) {
        const t = times(zeta, w[j + length]);
        w[j + length] = w[j] < t ? w[j] - t + Q : w[j] - t;
        w[j] = w[j] + t < Q ? w[j] + t : w[j] + t - Q;
      }
    }
  }
}

/**
 * Transform back in place (algorithm 42).
 * @param {Int32Array} w
 */
export function transformBack(w) {
  for (let length = 1, m = 255; length < N; length <<= 1) {
    for (let start = 0; start < N; start += 2 * length) {
      const zeta = Q - ZETAS[m--];
      for (let j = start; j < start + length; j++) {
        const a = w[j];
        const b = w[j + length];
        w[j] = a + b < Q ? a + b : a + b - Q;
        w[j + length] = times(zeta, a < b ? a - b + Q : a - b);
      }
    }
  }
  for (let j = 0; j < N; j++) w[j] = times(SCALE, w[j]);
}

/**
 * Add to a transformed polynomial the product of two others (algorithms 44, 45).
 * @param {Int32Array} sum
 * @param {Int32Array} a
 * @param {Int32Array} b
 */
export function addProduct(sum, a, b) {
  for (let j = 0; j < N; j++) sum[j] = (sum[j] + times(a[j], b[j])) % Q;
}

/**
 * The same, taken away.
 * @param {Int32Array} sum
 * @param {Int32Array} a
 * @param {Int32Array} b
 */
export function subProduct(sum, a, b) {
  for (let j = 0; j < N; j++) sum[j] = (sum[j] + Q - times(a[j], b[j])) % Q;
}
