// From words where they stand to the form in which something is made from them: they are chosen there already.
// What was chosen before stays chosen: it is the same draft, with more in it.

import { writeQuoteRange } from "../form/quote_ranges.js";
import { hasOwn } from "../runtime/dom.js";
import { readDraft, saveDraft } from "../runtime/drafts.js";

/** @import { Model, QuoteRange } from "../types.js" */

/** act -> the box of the form that it leads to, and the key of that form's picker */
const CHOOSING_FORMS = { use: { form: "documentation", picker: "words" }, propose: { form: "agreement", picker: "rests" } };

/** Whether an act takes words along to where it leads. @param {string} act @returns {act is keyof typeof CHOOSING_FORMS} */
export function takesWords(act) {
  return hasOwn(CHOOSING_FORMS, act);
}

/**
 * @param {Model<any>} model
 * @param {QuoteRange[]} ranges
 * @param {keyof typeof CHOOSING_FORMS} [act]
 */
export function chooseWords(model, ranges, act = "use") {
  const { form, picker } = CHOOSING_FORMS[act];
  const voice = model.get("voice");
  const box = voice ? `${form}@${voice}` : form;
  const draft = readDraft(model, box) || {};
  const before = draft.choices?.[picker];
  const chosen = new Set([...(Array.isArray(before) ? before : []), ...ranges.map(writeQuoteRange)]);
  saveDraft(model, box, { ...draft, choices: { ...draft.choices, [picker]: [...chosen] } });
}
