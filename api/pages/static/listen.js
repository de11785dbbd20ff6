// Reads the page aloud by the browser's own voice 听: nothing is sent anywhere. Without a voice the button stays hidden.

const button = document.getElementById("listen");
const voice = window.speechSynthesis;

/** What is read: the words of the main part, block by block, so that a long page can be stopped between two. */
function blocks() {
  const found = document.querySelectorAll("main h1, main h2, main h3, main p, main li, main dt, main dd, main th, main td");
  return [...found]
    .filter((one) => !one.querySelector("h1, h2, h3, p, li, dt, dd, th, td") && one.offsetParent !== null)
    .map((one) => one.innerText.trim())
    .filter(Boolean);
}

function stop() {
  voice.cancel();
  button.setAttribute("aria-pressed", "false");
}

function start() {
  const language = document.documentElement.lang;
  const said = blocks().map((words) => Object.assign(new SpeechSynthesisUtterance(words), { lang: language, rate: 0.9 }));
  if (said.length === 0) return;
  said[said.length - 1].onend = stop;
  button.setAttribute("aria-pressed", "true");
  said.forEach((one) => voice.speak(one));
}

if (button && voice && window.SpeechSynthesisUtterance) {
  button.hidden = false;
  button.addEventListener("click", () => (button.getAttribute("aria-pressed") === "true" ? stop() : start()));
  window.addEventListener("pagehide", stop);
}
