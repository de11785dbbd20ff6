/** Instants as whole milliseconds since 1970 UTC: the log's own times and those that signers claim. */
import { need } from "./need.js";

export const MINUTE_MS = 60000;
export const DAY_MS = 86400000;
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const SECOND = "([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])";
const LOG_TIME = new RegExp(`^${SECOND}\\.([0-9]{3})Z$`);
const RFC3339 = new RegExp(`^${SECOND}(?:\\.([0-9]{1,3}))?(?:Z|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$`);

/** Read `YYYY-MM-DDTHH:MM:SS.mmmZ`. */
export function parseTime(written) {
  const found = LOG_TIME.exec(written);
  need(found, "period.time", written);
  return instant(written, found, 0);
}

/** Read RFC 3339 with at most three decimals of a second; `-00:00` claims nothing and is refused. */
export function parseRfc3339(written) {
  const found = RFC3339.exec(written);
  need(found && !written.endsWith("-00:00"), "period.time", written);
  const minutes = found[8] ? Number(found[9]) * 60 + Number(found[10]) : 0;
  return instant(written, found, found[8] === "-" ? -minutes : minutes);
}

function instant(written, found, offset) {
  const [year, month, day, hour, minute, second] = found.slice(1, 7).map(Number);
  const thousandths = Number((found[7] || "").padEnd(3, "0"));
  const time = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  time.setUTCFullYear(year, month - 1, day);
  const there = time.getUTCFullYear() === year && time.getUTCMonth() === month - 1 && time.getUTCDate() === day;
  need(there && year > 0, "period.time", written);
  time.setUTCHours(hour, minute, second, thousandths);
  const since = time.getTime() - offset * MINUTE_MS;
  need(since >= 0 && since <= LAST, "period.time", written);
  return since;
}
