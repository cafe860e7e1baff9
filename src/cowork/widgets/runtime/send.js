// Messages that may find no kernel: a closed comm throws, and whoever needs an answer asks again.

/** @import { MessageToKernel, Model } from "../types.js" */

/** @param {Model<any>} model @param {MessageToKernel} content @param {ArrayBuffer[]} [buffers] */
export function trySend(model, content, buffers) {
  try {
    model.send(content, undefined, buffers);
  } catch {
    // asked again in a while
  }
}
