/**
 * Whether a value has the fields that a sum is made of, before it is made: a shape is a text for a plain value, an array of
 * one shape for a list, an object of shapes for an object that has at least these fields (`name?` may be absent; `*` says
 * that every field is of this shape).
 */
import { Malformed } from "./errors.js";
import { hasOwn, isObject } from "./strict.js";

const PLAIN = {
  text: (value) => typeof value === "string",
  integer: (value) => typeof value === "number",
  yes_or_no: (value) => typeof value === "boolean",
};

/** Return if `value` has this shape. @throws {Malformed} `shape`, with the path of the first place that has not */
export function checkShape(value, shape, path = "") {
  const wrong = () => new Malformed("shape", path, JSON.stringify(shape));
  if (typeof shape === "string") {
    if (!PLAIN[shape](value)) throw wrong();
  } else if (Array.isArray(shape)) {
    if (!Array.isArray(value)) throw wrong();
    value.forEach((item, at) => checkShape(item, shape[0], `${path}/${at}`));
  } else {
    if (!isObject(value)) throw wrong();
    for (const [name, inner] of Object.entries(shape)) {
      const optional = name.endsWith("?");
      const named = name === "*" ? Object.keys(value) : [optional ? name.slice(0, -1) : name];
      for (const field of named) {
        if (hasOwn(value, field)) checkShape(value[field], inner, `${path}/${field}`);
        else if (!optional) throw wrong();
      }
    }
  }
}
