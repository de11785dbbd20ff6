// @ts-check
/** Turnout as it comes: when the ledger tells of a ballot, the section is read anew from the page, figures and words alike. */

const AT_MOST_EVERY = 1500; // milliseconds: a busy evening must not make every phone ask for every ballot

const section = /** @type {HTMLElement | null} */ (document.getElementById("turnout"));
let waiting = false;

async function refresh() {
  waiting = false;
  const answer = await fetch(location.pathname, { credentials: "same-origin", headers: { Accept: "text/html" } });
  if (!answer.ok || section === null) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("turnout");
  if (fresh !== null) section.replaceChildren(...fresh.childNodes);
}

if (section !== null && typeof EventSource === "function") {
  const events = new EventSource(section.dataset.live || "");
  events.addEventListener("turnout", (event) => {
    if (waiting || JSON.parse(event.data).meeting !== section.dataset.meeting) return;
    waiting = true;
    setTimeout(refresh, AT_MOST_EVERY);
  });
  window.addEventListener("pagehide", () => events.close());
}
