// Reads the page aloud by a voice of this device 听: nothing is sent anywhere. Some of a browser's voices speak at its maker's
// servers, which would read the page too, names and rooms of whoever is signed in: those are not taken. Without one of the
// device's own the button stays hidden.

const button = document.getElementById("listen");
const voices = window.speechSynthesis;
const language = document.documentElement.lang;

/** A voice of the device in the page's language, as it is spoken there before as it is spoken elsewhere. */
function ours() {
  const spoken = (one) => one.lang.replace("_", "-").toLowerCase();
  const found = voices.getVoices().filter((one) => one.localService);
  const here = found.find((one) => spoken(one) === language.toLowerCase());
  return here || found.find((one) => spoken(one).split("-")[0] === language.split("-")[0].toLowerCase());
}

/** What is read: the words of the main part, block by block, so that a long page can be stopped between two. */
function blocks() {
  const found = document.querySelectorAll("main h1, main h2, main h3, main p, main li, main dt, main dd, main th, main td");
  return [...found]
    .filter((one) => !one.querySelector("h1, h2, h3, p, li, dt, dd, th, td") && one.offsetParent !== null)
    .map((one) => one.innerText.trim())
    .filter(Boolean);
}

function stop() {
  voices.cancel();
  button.setAttribute("aria-pressed", "false");
}

function start() {
  const voice = ours();
  const said = blocks().map((words) => Object.assign(new SpeechSynthesisUtterance(words), { voice, lang: voice.lang, rate: 0.9 }));
  if (said.length === 0) return;
  said[said.length - 1].onend = stop;
  button.setAttribute("aria-pressed", "true");
  said.forEach((one) => voices.speak(one));
}

// Voices are there at once, or later, when the browser says so.
function show() {
  button.hidden = !ours();
}

if (button && voices && window.SpeechSynthesisUtterance) {
  show();
  voices.onvoiceschanged = show;
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : start()));
  window.addEventListener("pagehide", stop);
}
