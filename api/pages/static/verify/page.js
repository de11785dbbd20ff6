/**
 * The checking page: files chosen, dropped or pasted, and the ledger of this server, all checked on this device.
 *
 * Nothing that is checked is sent anywhere. The same modules make the offline page, where there is no server to ask.
 */
import { checkBundle, checkReceipt, checkStatement, isZip, openZip, readTrust } from "../check/check.js";
import { isRefusal } from "../check/need.js";
import { fromServer } from "./http.js";
import { lastSeen, remember } from "./seen.js";
import { element, shown } from "./shown.js";
import { say } from "./words.js";

const page = document.getElementById("check");
const results = document.getElementById("check-results");
const busy = document.getElementById("check-busy");
const meter = busy.querySelector("progress");
const known = document.getElementById("check-known");

/** What the reader says that he knows. @throws {Malformed} */
function trusted() {
  const genesis = known.elements.genesis.value.replace(/\s/g, "").toLowerCase();
  const vkeys = known.elements.vkeys.value.split("\n").map((row) => row.trim()).filter((row) => row !== "");
  return { ...(genesis ? { genesis } : {}), vkeys };
}

function tell(step, done, whole) {
  meter.max = whole;
  meter.value = done;
  busy.querySelector("span").textContent = say("check.busy", { step: say(`check.doing_${step}`), done, whole });
}

/** Have the page say that it works, and let what it says be drawn. */
async function working(check) {
  busy.hidden = false;
  page.setAttribute("aria-busy", "true");
  try {
    await new Promise((resolve) => { setTimeout(resolve, 0); });
    return await check();
  } finally {
    busy.hidden = true;
    page.removeAttribute("aria-busy");
  }
}

function put(box) {
  results.prepend(box);
  box.tabIndex = -1;
  box.focus();
  return box;
}

function sorry(title, text) {
  put(element("section", "sheet answer", element("h2", "", title), element("p", "said", text)));
}

function isUnfinished(report) {
  return report.findings.some(({ code }) => code === "reader.failed");
}

const parts = (json) => { try { return JSON.parse(json); } catch (error) { return null; } };

/** The same, or null and a word about it on the page. */
function understood() {
  const said = trusted();
  try {
    readTrust(said);
    return said;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    sorry(say("check.known_title"), say("check.known_wrong", { what: String(error.value || "") }));
    return null;
  }
}

/** @param {{name: string, data: Uint8Array}[]} files */
async function checkFiles(files) {
  const said = understood();
  if (said === null) return;
  const receipts = files.filter(({ data }) => kindOf(data) === "receipt");
  for (const file of files) {
    const kind = kindOf(file.data);
    // A receipt beside a statement is that of its publication; beside nothing it stands for itself.
    const isBeside = kind === "receipt" && files.some(({ data }) => kindOf(data) === "statement");
    if (!isBeside) await checkFile(file, kind, said, receipts);
  }
}

function kindOf(data) {
  if (isZip(data)) return "bundle";
  const value = data.length < 64 << 20 ? parts(new TextDecoder().decode(data)) : null;
  if (value && typeof value === "object" && "receipt" in value) return "receipt";
  return value && typeof value === "object" && "statement" in value ? "statement" : "";
}

async function checkFile({ name, data }, kind, said, receipts) {
  if (kind === "") {
    sorry(name, say("check.not_known"));
    return;
  }
  const trust = readTrust(said);
  const began = Date.now();
  let report;
  try {
    report = await working(async () => {
      if (kind === "receipt") return checkReceipt(data, trust);
      if (kind === "statement") return checkStatement(data, await besides(data, receipts), trust);
      return checkBundle(openZip(data), trust, { progress: tell });
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    sorry(name, say("check.archive"));
    return;
  }
  const established = Boolean(said.genesis || said.vkeys.length > 0);
  put(shown(report, { title: titleOf(kind, name, report), established, seconds: (Date.now() - began) / 1000 }));
}

/** What a statement is held against: the receipt that came with it, and what this page's server publishes. */
async function besides(data, receipts) {
  const found = receipts.length > 0 ? { receipt: receipts[0].data } : {};
  const { ledger, log, statements } = page.dataset;
  const said = parts(new TextDecoder().decode(data));
  const code = said.period && said.period.code;
  if (said.ledger !== ledger || !/^[0-9QH-]{4,7}$/.test(code)) return found;
  try {
    const published = await fromServer(log, statements).read(`statements/${code}.json`);
    return published === null ? found : { ...found, published };
  } catch (error) {
    // Without the server it is checked as far as it goes by itself.
    return found;
  }
}

function titleOf(kind, file, { subject }) {
  const { name, period, entry, size: entries } = subject;
  const time = (subject.time || "").slice(0, 10);
  const needed = { receipt: entry, statement: name && period, bundle: name && entries };
  return needed[kind] === undefined ? say("check.what_unknown", { file })
    : say(`check.what_${kind}`, { name, period, entry, entries, time });
}

async function checkServer() {
  const { ledger, log, statements } = page.dataset;
  const seen = lastSeen(ledger);
  const heads = seen === null ? [] : [{ origin: seen.origin, size: seen.size, root: seen.root }];
  const typed = understood();
  if (typed === null) return;
  const trust = readTrust({ ...typed, genesis: typed.genesis || ledger, heads });
  const began = Date.now();
  const report = await working(() => checkBundle(fromServer(log, statements), trust, { progress: tell, bare: true, statements: true }));
  if (isUnfinished(report)) {
    sorry(say("check.ledger_title"), say("check.network"));
    return;
  }
  const forked = report.findings.some(({ code }) => code === "trust.head_forked" || code === "trust.head_older");
  const notes = seen === null ? [say("check.first_time")]
    : [say(forked ? "check.forked" : "check.remembered", { when: seen.when, entries: seen.size })];
  // That it is the ledger of its address says nothing: the server chose both, unless this device or the reader knows it.
  const established = Boolean(typed.genesis || typed.vkeys.length > 0);
  put(shown(report, { title: titleOf("bundle", "", report), established, notes, seconds: (Date.now() - began) / 1000 }));
  remember(ledger, report, new Date().toISOString().slice(0, 10));
}

async function read(list) {
  return Promise.all(Array.from(list, async (file) => ({ name: file.name, data: await bytesOf(file) })));
}

/** FileReader, since older browsers of phones have no `arrayBuffer` of a file. */
function bytesOf(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(new Uint8Array(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(file);
  });
}

const choose = document.getElementById("check-choose");
choose.addEventListener("change", async () => {
  await checkFiles(await read(choose.files));
  choose.value = "";
});
for (const name of ["dragover", "drop"]) {
  page.addEventListener(name, (event) => {
    event.preventDefault();
    if (name === "drop" && event.dataTransfer.files.length > 0) read(event.dataTransfer.files).then(checkFiles);
  });
}
const pasted = document.getElementById("check-paste");
document.getElementById("check-pasted").addEventListener("click", () => {
  // What a chat adds around a text is none of it; within it nothing may change.
  const data = new TextEncoder().encode(pasted.value.trim());
  checkFiles([{ name: say("check.paste_button"), data }]);
});
const whole = document.getElementById("check-ledger");
if (whole !== null) whole.addEventListener("click", checkServer);
document.getElementById("check-ready").hidden = false;
