// A button that copies a text. Without scripts it is not there, and the text can be marked and copied by hand.

for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const said = button.parentElement.querySelector("[data-said]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (await copied(text)) said.textContent = button.dataset.done;
  });
}

// The clipboard asks for a secure context, which a page inside WeChat or on a plain address has not.
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text.value);
    return true;
  } catch {
    text.focus();
    text.select();
    return document.execCommand("copy");
  }
}
