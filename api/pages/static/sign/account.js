// @ts-check
/** Signing out, from the bar that every page has. */

import { signOut } from "./signin.js";

const button = /** @type {HTMLButtonElement} */ (document.getElementById("sign-out"));
button.addEventListener("click", async () => {
  button.disabled = true;
  await signOut(button.dataset.base || "");
  location.reload();
});
