// @ts-check
/**
 * Great integers as eleven *limbs* of radix 2²⁴ in a Float64Array: value = Σ limb[i] · 2^(24·i). field25519.js and fieldp256.js
 * reduce their products, each modulo its prime.
 *
 * JavaScript multiplies doubles at full speed, and exactly as long as every result stays below 2⁵³; its BigInt takes several
 * times as long. A signature costs some three thousand multiplications, and a bundle has thousands of signatures.
 *
 * Limbs are signed. A *tight* number has |limb| ≤ 2²³ + 2¹⁸, as the multiplications and carries of the two fields leave it.
 * Sums and differences are not carried: that of two tight numbers is *2-tight*, and so on. An m-tight times an n-tight number
 * is exact if m · n ≤ 9: a column sums at most 11 products, 11 · 9 · (2²³ + 2¹⁸)² < 2⁵²·⁷³, and what a reduction adds to that
 * is below 2⁴³. Callers say what they multiply where it is above 2 × 2.
 *
 * Results go into the first argument, which may be one of the others: thousands of small arrays would cost more than the
 * arithmetic.
 */

/** @typedef {Float64Array} Element */

export const LIMBS = 11;
export const RADIX = 2 ** 24;
/**
 * x + ROUND − ROUND is the multiple of the radix nearest to x: from 2⁷⁶ to 2⁷⁷ doubles lie 2²⁴ apart.
 */
export const ROUND = 3 * 2 ** 75;

/** @returns {Element} zero */
export function element() {
  return new Float64Array(LIMBS);
}

/**
 * @param {Element} out
 * @param {Element} a
 * @param {Element} b
 */
export function add(out, a, b) {
  for (let i = 0; i < LIMBS; i++) out[i] = a[i] + b[i];
}

/**
 * @param {Element} out
 * @param {Element} a
 * @param {Element} b
 */
export function sub(out, a, b) {
  for (let i = 0; i < LIMBS; i++) out[i] = a[i] - b[i];
}

/** The 21 columns of a product, and what is carried out of the last. A multiplication fills them, its reduction reads them. */
export const COLUMNS = new Float64Array(2 * LIMBS);

/**
 * Multiplication as at school: column k sums the products of those limbs whose places add to k.
 * @param {Element} a
 * @param {Element} b
 */
export function multiply(a, b) {
  const c = COLUMNS;
  const a0 = a[0];
  const a1 = a[1];
  const a2 = a[2];
  const a3 = a[3];
  const a4 = a[4];
  const a5 = a[5];
  const a6 = a[6];
  const a7 = a[7];
  const a8 = a[8];
  const a9 = a[9];
  const a10 = a[10];
  const b0 = b[0];
  const b1 = b[1];
  const b2 = b[2];
  const b3 = b[3];
  const b4 = b[4];
  const b5 = b[5];
  const b6 = b[6];
  const b7 = b[7];
  const b8 = b[8];
  const b9 = b[9];
  const b10 = b[10];
  c[0] = a0 * b0;
  c[1] = a0 * b1 + a1 * b0;
  c[2] = a0 * b2 + a1 * b1 + a2 * b0;
  c[3] = a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
  c[4] = a0 * b4 + a1 * b3 + a2 * b2 + a3 * b1 + a4 * b0;
  c[5] = a0 * b5 + a1 * b4 + a2 * b3 + a3 * b2 + a4 * b1 + a5 * b0;
  c[6] = a0 * b6 + a1 * b5 + a2 * b4 + a3 * b3 + a4 * b2 + a5 * b1 + a6 * b0;
  c[7] = a0 * b7 + a1 * b6 + a2 * b5 + a3 * b4 + a4 * b3 + a5 * b2 + a6 * b1 + a7 * b0;
  c[8] = a0 * b8 + a1 * b7 + a2 * b6 + a3 * b5 + a4 * b4 + a5 * b3 + a6 * b2 + a7 * b1 + a8 * b0;
  c[9] = a0 * b9 + a1 * b8 + a2 * b7 + a3 * b6 + a4 * b5 + a5 * b4 + a6 * b3 + a7 * b2 + a8 * b1 + a9 * b0;
  c[10] = a0 * b10 + a1 * b9 + a2 * b8 + a3 * b7 + a4 * b6 + a5 * b5 + a6 * b4 + a7 * b3 + a8 * b2 + a9 * b1
    + a10 * b0;
  c[11] = a1 * b10 + a2 * b9 + a3 * b8 + a4 * b7 + a5 * b6 + a6 * b5 + a7 * b4 + a8 * b3 + a9 * b2 + a10 * b1;
  c[12] = a2 * b10 + a3 * b9 + a4 * b8 + a5 * b7 + a6 * b6 + a7 * b5 + a8 * b4 + a9 * b3 + a10 * b2;
  c[13] = a3 * b10 + a4 * b9 + a5 * b8 + a6 * b7 + a7 * b6 + a8 * b5 + a9 * b4 + a10 * b3;
  c[14] = a4 * b10 + a5 * b9 + a6 * b8 + a7 * b7 + a8 * b6 + a9 * b5 + a10 * b4;
  c[15] = a5 * b10 + a6 * b9 + a7 * b8 + a8 * b7 + a9 * b6 + a10 * b5;
  c[16] = a6 * b10 + a7 * b9 + a8 * b8 + a9 * b7 + a10 * b6;
  c[17] = a7 * b10 + a8 * b9 + a9 * b8 + a10 * b7;
  c[18] = a8 * b10 + a9 * b9 + a10 * b8;
  c[19] = a9 * b10 + a10 * b9;
  c[20] = a10 * b10;
  c[21] = 0;
}

/**
 * Multiplication by itself, where all products but those of the middle come twice.
 * @param {Element} a
 */
export function multiplyBySelf(a) {
  const c = COLUMNS;
  const a0 = a[0];
  const a1 = a[1];
  const a2 = a[2];
  const a3 = a[3];
  const a4 = a[4];
  const a5 = a[5];
  const a6 = a[6];
  const a7 = a[7];
  const a8 = a[8];
  const a9 = a[9];
  const a10 = a[10];
  c[0] = a0 * a0;
  c[1] = 2 * a0 * a1;
  c[2] = 2 * a0 * a2 + a1 * a1;
  c[3] = 2 * (a0 * a3 + a1 * a2);
  c[4] = 2 * (a0 * a4 + a1 * a3) + a2 * a2;
  c[5] = 2 * (a0 * a5 + a1 * a4 + a2 * a3);
  c[6] = 2 * (a0 * a6 + a1 * a5 + a2 * a4) + a3 * a3;
  c[7] = 2 * (a0 * a7 + a1 * a6 + a2 * a5 + a3 * a4);
  c[8] = 2 * (a0 * a8 + a1 * a7 + a2 * a6 + a3 * a5) + a4 * a4;
  c[9] = 2 * (a0 * a9 + a1 * a8 + a2 * a7 + a3 * a6 + a4 * a5);
  c[10] = 2 * (a0 * a10 + a1 * a9 + a2 * a8 + a3 * a7 + a4 * a6) + a5 * a5;
  c[11] = 2 * (a1 * a10 + a2 * a9 + a3 * a8 + a4 * a7 + a5 * a6);
  c[12] = 2 * (a2 * a10 + a3 * a9 + a4 * a8 + a5 * a7) + a6 * a6;
  c[13] = 2 * (a3 * a10 + a4 * a9 + a5 * a8 + a6 * a7);
  c[14] = 2 * (a4 * a10 + a5 * a9 + a6 * a8) + a7 * a7;
  c[15] = 2 * (a5 * a10 + a6 * a9 + a7 * a8);
  c[16] = 2 * (a6 * a10 + a7 * a9) + a8 * a8;
  c[17] = 2 * (a7 * a10 + a8 * a9);
  c[18] = 2 * a8 * a10 + a9 * a9;
  c[19] = 2 * a9 * a10;
  c[20] = a10 * a10;
  c[21] = 0;
}
