// From words where they stand to the form in which a way of seeing it is made from them: they are chosen there already.
// What was chosen before stays chosen: it is the same draft, with more in it.

import { writeQuoteRange } from "../form/quote_ranges.js";
import { readDraft, saveDraft } from "../runtime/drafts.js";

/** @import { Model, QuoteRange } from "../types.js" */

const FORM_BOX = "documentation"; // of the form, and below, of its picker
const PICKER_KEY = "words";

/**
 * @param {Model<any>} model
 * @param {QuoteRange[]} ranges
 */
export function chooseWords(model, ranges) {
  const voice = model.get("voice");
  const box = voice ? `${FORM_BOX}@${voice}` : FORM_BOX;
  const draft = readDraft(model, box) || {};
  const before = draft.choices?.[PICKER_KEY];
  const chosen = new Set([...(Array.isArray(before) ? before : []), ...ranges.map(writeQuoteRange)]);
  saveDraft(model, box, { ...draft, choices: { ...draft.choices, [PICKER_KEY]: [...chosen] } });
}
