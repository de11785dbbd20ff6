/** Texts on a ledger that print as something other than what they say: two that look alike and are not. */
import { checkText } from "./canonical.js";
import { isRefusal } from "./need.js";

/** Note `record.text` for each string of a record's body that admission would have refused. */
export function checkTexts(record, where, findings) {
  for (const [path, said] of texts(record.body, "")) {
    try {
      checkText(said, path);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      findings.refuse("record.text", { ...where, field: `record/body${path}` }, error);
    }
  }
}

function texts(value, path) {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object") return [];
  return Object.keys(value).reduce((found, key) => found.concat(texts(value[key], `${path}/${key}`)), []);
}
