// @ts-check
/** The page on which one signs in: the keys of this browser, one button each. */

import { WEBAUTHN, own, secure } from "./keys.js";
import { part, placed, reason, rpIds, showWays, word } from "./page.js";
import { signIn, signInFound } from "./signin.js";

const page = placed("sign-in");
const told = part(page, "told");
const { base, ledger, next } = /** @type {Record<string, string>} */ (page.dataset);

/** @param {() => Promise<void>} way */
async function attempt(way) {
  told.textContent = word(page, "working");
  try {
    await way();
    told.textContent = word(page, "done");
    location.assign(next);
  } catch (error) {
    told.textContent = word(page, "failed", { reason: reason(page, error) });
  }
}

/** @param {import("./keys.js").Key} key */
function offered(key) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = word(page, key.alg === WEBAUTHN ? "passkey" : "browser");
  button.addEventListener("click", () => attempt(() => signIn(base, ledger, key)));
  const made = document.createElement("span");
  made.className = "quiet";
  const date = new Date(key.made).toLocaleDateString(document.documentElement.lang);
  made.textContent = word(page, "made", { date, tail: key.id.slice(-6) });
  const item = document.createElement("li");
  item.append(button, made);
  return item;
}

async function show() {
  const here = await showWays(page);
  const keys = secure() ? await own(ledger) : [];
  part(page, "keys").append(...keys.map(offered));
  part(page, "none").hidden = keys.length > 0;
  part(page, "found").hidden = !here.passkey;
  part(page, "find").addEventListener("click", () => attempt(() => signInFound(base, ledger, rpIds(page))));
}

show();
