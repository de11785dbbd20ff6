// @ts-check
/**
 * Carrying acts out from a page of the desk: whoever is signed in signs, after his consent, and is told what came of it.
 *
 * Nothing is signed by opening a page or a link: each act begins with a button and passes through `sign/act.js`, which
 * compares, shows and asks.
 */

import { act, join } from "../sign/act.js";
import { own, secure } from "../sign/keys.js";
import { part, reason, word } from "../sign/page.js";
import { signIn } from "../sign/signin.js";

/** @typedef {import("../sign/submit.js").Asked} Asked */
/** @typedef {import("../sign/act.js").Outcome} Outcome */

/**
 * What the service answers to a question.
 * @param {string} path
 * @returns {Promise<any>}
 * @throws {Error} with the refusal in words
 */
export async function ask(path) {
  const headers = { Accept: "application/json", "Accept-Language": document.documentElement.lang };
  const answer = await fetch(path, { headers, credentials: "same-origin" });
  const said = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(said.detail || String(answer.status)), { status: answer.status });
  return said;
}

/**
 * The key that is signed in here; where nobody is, the newest of this browser's signs in first. Whoever is signed in by a key
 * that is elsewhere signs there: nobody else's key signs in his place.
 * @param {HTMLElement} page
 * @returns {Promise<import("../sign/keys.js").Key>}
 */
export async function signer(page) {
  const { base, ledger } = /** @type {Record<string, string>} */ (page.dataset);
  const keys = secure() ? await own(ledger) : [];
  if (!keys.length) throw new Error(word(page, "nokey"));
  const who = await ask(base + "/session").catch((error) => (error.status === 401 ? null : Promise.reject(error)));
  const held = who && keys.find((key) => key.id === who.key);
  if (held) return held;
  if (who) throw new Error(word(page, "nokey"));
  await signIn(base, ledger, keys[0]);
  return keys[0];
}

/**
 * Have acts signed and handed in; what came of it stands in the page's `told`.
 * @param {HTMLElement} page the element that has `data-page`, with parts `told` and, in the document, the dialog of consent
 * @param {() => Promise<Asked[]>} compose what is to be signed; refusals of it are told like any other
 * @param {(outcome: Outcome) => void} [after] what the page shows of an act that stands or waits
 */
export function carryOut(page, compose, after) {
  return run(page, async (key, place) => act(place, key, await compose()), after);
}

/**
 * Sign what another person left waiting.
 * @param {HTMLElement} page
 * @param {() => Promise<any>} waiting
 * @param {(outcome: Outcome) => void} [after]
 */
export function carryOn(page, waiting, after) {
  return run(page, async (key, place) => join(place, key, await waiting()), after);
}

/**
 * @param {HTMLElement} page
 * @param {(key: import("../sign/keys.js").Key, place: import("../sign/act.js").Page) => Promise<Outcome>} go
 * @param {((outcome: Outcome) => void)} [after]
 */
async function run(page, go, after) {
  const told = part(page, "told");
  const buttons = [...page.querySelectorAll("button[data-act]")].map((one) => /** @type {HTMLButtonElement} */ (one));
  const { base, ledger } = /** @type {Record<string, string>} */ (page.dataset);
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.consent"));
  buttons.forEach((button) => (button.disabled = true));
  told.textContent = word(page, "working");
  try {
    const outcome = await go(await signer(page), { base, ledger, dialog });
    if (outcome.done === "no") {
      told.textContent = word(page, "cancelled");
    } else {
      tell(page, told, outcome);
      if (after) after(outcome);
      return;
    }
  } catch (error) {
    told.textContent = reason(page, error);
  }
  buttons.forEach((button) => (button.disabled = false));
}

/**
 * Where the acts stand now, with a way to each entry and its receipt; or that others must sign them too.
 * @param {HTMLElement} page
 * @param {HTMLElement} told
 * @param {Outcome} outcome
 */
function tell(page, told, outcome) {
  told.textContent = "";
  if (outcome.done === "waiting") {
    told.append(paragraph(word(page, "waits")));
    return;
  }
  if (outcome.done !== "placed") return;
  const { places } = outcome;
  const count = String(places.length);
  told.append(paragraph(word(page, "stands", { count, first: String(places[0].seq), last: String(places[places.length - 1].seq) })));
  const list = document.createElement("ul");
  list.className = "receipts";
  for (const place of places) {
    const link = document.createElement("a");
    link.href = (page.dataset.home || "") + "entries/" + place.seq;
    link.textContent = word(page, "entry", { number: String(place.seq) });
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  told.append(list);
}

/** @param {string} text */
function paragraph(text) {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}
