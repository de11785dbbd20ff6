// @ts-check
/**
 * Making a key by a letter: look at what the code is for, make the key here, prove its possession, and show the digits that
 * the registrar's own screen must show too.
 *
 * Nothing that the server says is signed unseen by its signer: the record names the person whose letter it is and the key that was
 * made here. A server that named another person would have given that person a key, which the registrar and the role who
 * must sign would see on their pages.
 */

import { forget } from "./kept.js";
import { WEBAUTHN, comparison, make, own, secure, signAll } from "./keys.js";
import { part, placed, reason, rpIds, showWays, word } from "./page.js";
import { build } from "./record.js";
import { post } from "./submit.js";

const page = placed("enrol");
const told = part(page, "told");
const form = /** @type {HTMLFormElement} */ (part(page, "form"));
const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("code"));
const { base, ledger } = /** @type {Record<string, string>} */ (page.dataset);
/** @type {{code: string, person: string, keys: string[]}} */
let letter = { code: "", person: "", keys: [] };

/** @param {() => Promise<void>} act */
async function attempt(act) {
  told.textContent = word(page, "working");
  try {
    await act();
    told.textContent = "";
  } catch (error) {
    told.textContent = word(page, "failed", { reason: reason(page, error) });
  }
}

/** @param {number} ms */
function day(ms) {
  return new Date(ms).toLocaleDateString(document.documentElement.lang);
}

/**
 * @param {HTMLElement} section
 * @param {string} heading
 */
function open(section, heading) {
  section.hidden = false;
  /** @type {HTMLElement} */ (section.querySelector(heading)).focus();
}

async function look() {
  const code = input.value;
  const said = await post(base + "/enrolments/look", { code });
  letter = { code, person: said.person, keys: said.keys };
  const units = said.units.join(", ");
  part(page, "for").textContent = units ? word(page, "forUnits", { units }) : word(page, "forNobody");
  part(page, "replaces").hidden = said.waits === 0;
  open(part(page, "making"), "h2");
}

/** @param {"passkey" | "browser_key"} way */
async function enrol(way) {
  const about = { rpIds: rpIds(page), site: page.dataset.site || "", user: page.dataset.user || "", person: letter.person };
  const older = (await own(ledger)).find((one) => one.alg !== WEBAUTHN && letter.keys.includes(one.id));
  const key = await make(ledger, way, about);
  try {
    const body = { person: letter.person, key: { alg: key.alg, public: key.public } };
    const unsigned = [{ record: build(ledger, "key.enrolled/1", body, Date.now()), signatures: [], openings: [] }];
    const proven = await signAll(key, unsigned);
    const [submission] = older ? await signAll(older, proven) : proven;
    await post(base + "/enrolments", { code: letter.code, submission });
  } catch (error) {
    await forget("keys", key.id); // it stands nowhere; the code may be used again
    throw error;
  }
  form.hidden = true;
  part(page, "making").hidden = true;
  part(page, "code").textContent = comparison(key.id);
  part(page, "slip-code").textContent = comparison(key.id);
  part(page, "slip-date").textContent = day(key.made);
  part(page, "slip").hidden = key.alg === WEBAUTHN;
  open(part(page, "made"), "h2");
}

/** @param {import("./keys.js").Key} key */
function listed(key) {
  const item = document.createElement("li");
  const [made, between, code] = ["span", "span", "b"].map((tag) => document.createElement(tag));
  made.textContent = word(page, "keyMade", { date: day(key.made) });
  code.textContent = comparison(key.id);
  item.append(made, between, code);
  return item;
}

async function show() {
  const here = await showWays(page);
  const passkey = /** @type {HTMLElement} */ (page.querySelector("[data-way=passkey]"));
  const browser = /** @type {HTMLElement} */ (page.querySelector("[data-way=browser_key]"));
  passkey.hidden = !here.passkey;
  browser.hidden = part(page, "browser-note").hidden = !here.browser_key;
  browser.classList.toggle("plain", here.passkey);
  if (!here.passkey && !here.browser_key) form.hidden = true;
  const keys = secure() ? await own(ledger) : [];
  part(page, "held").hidden = !keys.length;
  part(page, "keys").append(...keys.map(listed));
  if (location.hash.length > 1) {
    input.value = decodeURIComponent(location.hash.slice(1)).slice(0, 80);
    history.replaceState(null, "", location.pathname); // so that the code stays in no history
  }
  passkey.addEventListener("click", () => attempt(() => enrol("passkey")));
  browser.addEventListener("click", () => attempt(() => enrol("browser_key")));
  part(page, "print").addEventListener("click", () => print());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(look);
  });
}

show();
