/** A report on the page: the result in one sentence, each step with its sign and word, and behind a fold how it was found. */
import { placeText } from "../check/check.js";
import { say } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";
const SHOWN = 50;

/** An element with a class and what stands in it. */
export function element(name, className, ...inner) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...inner);
  return made;
}

function drawn(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

/** The sign of a state: colour is never the only difference. */
function mark(state) {
  const svg = drawn("svg", { class: `mark ${state}`, viewBox: "0 0 24 24", role: "img", "aria-label": say(`check.state_${state}`) });
  svg.append(drawn("circle", { cx: 12, cy: 12, r: 12 }));
  if (state === "agrees") svg.append(drawn("path", { d: "M6.2 12.7 L10.6 16.8 L18 7.7" }));
  else if (state === "differs") svg.append(drawn("path", { d: "M7.4 7.4 L16.6 16.6 M16.6 7.4 L7.4 16.6" }));
  else {
    const sign = drawn("text", { x: 12, y: 17.6 });
    sign.textContent = "?";
    svg.append(sign);
  }
  return svg;
}

/** Where a finding is, in a reader's words; nothing where only a program knows the place. */
function spoken({ where }) {
  const line = /^lines\/([0-9]+)/.exec(where.field || "");
  if (line) return say("check.place_line", { n: Number(line[1]) + 1 });
  return where.entry === undefined ? "" : say("check.place_entry", { n: where.entry });
}

/** What is wrong with a step, or why nothing can be said, with the first place that a reader can look up. */
function reasonOf({ step, state, findings }) {
  const text = say(`check.${state === "differs" ? "wrong" : "cannot"}_${step}`);
  const place = findings.map(spoken).find((said) => said !== "");
  return place ? say("check.with_place", { what: text, place }) : text;
}

const STATES = { agrees: "agrees", differs: "differs", cannot_be_checked: "cannot" };

/**
 * @param {import("../check/findings.js").Report} report
 * @param {{title: string, notes?: string[], established?: boolean, seconds: number}} about
 * @returns {HTMLElement}
 */
export function shown(report, { title, notes = [], established = true, seconds }) {
  const state = STATES[report.verdict];
  const box = element("section", `sheet answer ${state}`, element("h2", "", title));
  const alike = report.steps.filter((step) => step.state === state);
  // The step that names a place says most.
  const telling = alike.find(({ findings }) => findings.some((finding) => spoken(finding) !== "")) || alike[0];
  const reason = state === "agrees" ? "" : reasonOf(telling);
  if (!established) box.append(element("p", "", element("strong", "", say("check.self"))));
  box.append(element("p", "said lead", mark(state), element("span", "", say(`check.verdict_${state}`, { what: reason }))));
  for (const note of notes) box.append(element("p", "", note));
  if (established && state === "agrees") box.append(element("p", "quiet", say("check.established")));
  box.append(element("ul", "checks", ...report.steps.map(stepShown)));
  const { entries = 0, signatures = 0, statements = 0 } = report.counts;
  box.append(element("p", "quiet", say("check.counted", { entries, signatures, statements, seconds: seconds.toFixed(1) })));
  const unseen = report.findings.some(({ code }) => code === "receipt.signatures") ? "check.rules_receipt" : "check.rules";
  box.append(element("p", "quiet", say(unseen)));
  box.append(process(report));
  return box;
}

function stepShown(row) {
  const said = element("span", "", say(`check.step_${row.step}`));
  if (row.state !== "agrees") said.append(element("br", ""), element("b", "", reasonOf(row)));
  return element("li", "", mark(row.state), said);
}

/** How it was found: keys, fingerprints, every finding with its code and place. */
function process({ findings, keys, subject }) {
  const fold = element("details", "", element("summary", "", say("check.process")));
  if (keys.length > 0) {
    fold.append(element("h3", "", say("check.keys_title")), element("ul", "", ...keys.map((key) => element(
      "li", "", `${say(`check.key_${key.whose}`)} ${key.name} · ${say(`check.source_${key.source}`)}`,
      element("br", ""), element("span", "digest", key.key.slice(0, 160)),
    ))));
  }
  const facts = element("dl", "facts");
  for (const name of ["ledger", "origin", "size", "root", "record", "leaf", "kind"]) {
    if (subject[name] === undefined) continue;
    facts.append(element("div", "", element("dt", "", say(`check.subject_${name}`)), element("dd", "digest", String(subject[name]))));
  }
  fold.append(facts);
  if (findings.length > 0) fold.append(element("h3", "", say("check.found_title")), listed(findings));
  return fold;
}

function listed(findings) {
  const rows = findings.slice(0, SHOWN).map(({ code, where }) => element(
    "li", "", say(`finding.${code}.title`), element("br", ""),
    element("span", "digest", [code, placeText(where)].filter((part) => part !== "").join(" · ")),
  ));
  const left = findings.length - rows.length;
  if (left > 0) rows.push(element("li", "quiet", say("check.more_found", { count: left })));
  return element("ul", "found", ...rows);
}
