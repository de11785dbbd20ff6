// A photograph of the board, handed in as a document and looked at: does it show this statement, and which copy?
// Its digest is what the record of posting names as evidence. Without scripts the form is not there.

const form = document.getElementById("photo");
const said = form.querySelector("[data-said]");
const digest = form.querySelector("[data-digest]");

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
form.querySelector("input").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  said.textContent = "…";
  digest.textContent = "";
  const found = await looked(file);
  const words = form.querySelector(`[data-shows="${found.shows}"]`).textContent;
  const copies = (found.copies ?? []).map((one) => `${one.place} ${one.number}/${one.of}`);
  said.textContent = [words, ...copies].join(" · ");
  digest.textContent = found.digest ?? "";
});

async function looked(file) {
  try {
    const kept = await fetch(form.dataset.documents, { method: "POST", body: file });
    if (!kept.ok) return { shows: "refused" };
    const answer = await fetch(form.dataset.photos + (await kept.json()).digest);
    return answer.ok ? await answer.json() : { shows: "refused" };
  } catch {
    return { shows: "refused" };
  }
}
