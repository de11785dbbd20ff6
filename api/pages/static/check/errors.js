// @ts-check
/**
 * The one error that checking throws on purpose: bytes or a value that are not what their format says.
 *
 * It is the twin of `Malformed` in ledger/errors.py and carries the same four things, so that a refusal reads alike in
 * the browser and on the command line. Programs compare `rule`, never the message.
 */

export class Malformed extends Error {
  /**
   * @param {string} rule a stable code such as `canonical.key`
   * @param {unknown} [value] what was met
   * @param {string} [accepted] what would have been accepted
   * @param {Record<string, unknown>} [context] names of fields and places
   */
  constructor(rule, value, accepted, context) {
    super(accepted === undefined ? rule : rule + "; accepted: " + accepted);
    this.name = "Malformed";
    this.rule = rule;
    this.value = value;
    this.accepted = accepted;
    this.context = context || {};
  }
}
