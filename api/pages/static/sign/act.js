// @ts-check
/**
 * One act of a person, or one batch of acts, from what he typed to the receipt: prepare, check, ask, sign, hand in.
 *
 * A page says what is asked for and where its dialog is; everything else is here, so that no page signs in its own way.
 */

import { consent } from "./consent.js";
import { signAll } from "./keys.js";
import { handIn, offerWaiting, post, prepare } from "./submit.js";

/**
 * @typedef {{base: string, ledger: string, dialog: HTMLDialogElement}} Page `base`: `/api/v1/ledgers/<ledger>`
 * @typedef {{done: "no"} | {done: "placed", places: any[]} | {done: "waiting", waiting: any}} Outcome
 */

/**
 * Prepare acts, have them agreed to, sign them and hand them in; where others must sign too, leave them waiting for those.
 * @param {Page} page
 * @param {import("./keys.js").Key} key
 * @param {import("./submit.js").Asked[]} asked
 * @returns {Promise<Outcome>}
 */
export async function act(page, key, asked) {
  const prepared = await prepare(page.base, asked);
  const agreed = await consent(page.dialog, asked, prepared, page.ledger);
  if (agreed === null) return { done: "no" };
  const signed = await signAll(key, agreed);
  if (prepared.items.some((/** @type {any} */ item) => item.missing > 0)) {
    return { done: "waiting", waiting: await post(page.base + "/waiting", signed) };
  }
  return { done: "placed", places: await handIn(page.base, page.ledger, signed) };
}

/**
 * Sign what another person drafted and left waiting. It is shown and checked like one's own.
 * @param {Page} page
 * @param {import("./keys.js").Key} key
 * @param {any} waiting one of `GET …/waiting/<digest>`
 * @returns {Promise<Outcome>}
 */
export async function join(page, key, waiting) {
  const agreed = await consent(page.dialog, null, waiting, page.ledger);
  if (agreed === null) return { done: "no" };
  const together = agreed.some((one) => one.signatures.some((signature) => signature.batch));
  const signed = await signAll(key, agreed, together);
  const signatures = signed.map((one) => one.signatures.filter((signature) => signature.key === key.id)[0]);
  const said = await post(page.base + "/waiting/" + waiting.digest + "/signatures", { signatures });
  // Both answers have items; what waits still has its name.
  return said.digest ? { done: "waiting", waiting: said } : { done: "placed", places: said.items };
}

/**
 * Where this browser cannot sign: the acts as a file that `mingzhang keys sign` shows, signs and completes elsewhere.
 * @param {Page} page
 * @param {import("./submit.js").Asked[]} asked
 * @param {string} name of the file
 * @returns {Promise<void>}
 */
export async function asFile(page, asked, name) {
  const prepared = await prepare(page.base, asked);
  const agreed = await consent(page.dialog, asked, prepared, page.ledger);
  if (agreed !== null) offerWaiting(agreed, name);
}
