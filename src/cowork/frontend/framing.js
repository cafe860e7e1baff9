// Jupyter's messages (jupyter_server, "WebSocket kernel wire protocol" v1): the number of offsets, the offsets, then
// channel, header, parent header, metadata, content and buffers behind each other. The older protocol, all in one
// JSON text, is no choice: Voilà reads each binary message as one of this kind and would not come to an end.

export const PROTOCOL = "v1.kernel.websocket.jupyter.org";
const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** @import { Buffers, KernelMessage, MessageHeader } from "../widgets/types.js" */

/**
 * Only what widgets say (`comm_…`) has its content read. Raises an error where the bytes are no such message.
 * @param {ArrayBuffer} data
 * @returns {KernelMessage}
 */
export function readMessage(data) {
  const view = new DataView(data);
  const number = (at) => Number(view.getBigUint64(at, true));
  const at = Array.from({ length: number(0) }, (_, i) => number(8 * (i + 1)));
  const part = (i) => JSON.parse(decoder.decode(new Uint8Array(data, at[i], at[i + 1] - at[i])));
  const header = part(1);
  if (!header.msg_type.startsWith("comm_")) return { header }; // the kernel's other talk is not read further
  const buffers = at.slice(5, -1).map((from, i) => new DataView(data.slice(from, at[i + 6])));
  return { header, content: part(4), buffers };
}

/**
 * @param {string} channel
 * @param {MessageHeader} header
 * @param {object} metadata
 * @param {object} content
 * @param {Buffers} buffers
 * @returns {ArrayBuffer}
 */
export function writeMessage(channel, header, metadata, content, buffers) {
  const bytes = (one) => (ArrayBuffer.isView(one) ? new Uint8Array(one.buffer, one.byteOffset, one.byteLength) : new Uint8Array(one));
  const texts = [channel, ...[header, {}, metadata, content].map((one) => JSON.stringify(one))];
  const all = [...texts.map((text) => encoder.encode(text)), ...buffers.map(bytes)];
  let at = 8 * (all.length + 2);
  const whole = new Uint8Array(all.reduce((sum, part) => sum + part.length, at));
  const view = new DataView(whole.buffer);
  view.setBigUint64(0, BigInt(all.length + 1), true);
  all.forEach((part, i) => {
    view.setBigUint64(8 * (i + 1), BigInt(at), true);
    whole.set(part, at);
    at += part.length;
  });
  view.setBigUint64(8 * (all.length + 1), BigInt(at), true);
  return whole.buffer;
}
