// Jupyter's binary messages: what is written can be read, and what is none is an error and nothing else.

import assert from "node:assert/strict";
import { test } from "node:test";

import { PROTOCOL, readMessage, writeMessage } from "../../src/cowork/frontend/framing.js";

const header = (msg_type) => ({ msg_id: "1", msg_type, session: "s", username: "", version: "5.3", date: "" });

/** The five texts and the buffers of a frame, read by its offsets alone. */
function partsOf(frame) {
  const view = new DataView(frame);
  const at = (i) => Number(view.getBigUint64(8 * (i + 1), true));
  const count = Number(view.getBigUint64(0, true));
  return Array.from({ length: count - 1 }, (_, i) => new Uint8Array(frame, at(i), at(i + 1) - at(i)));
}

const text = (bytes) => new TextDecoder().decode(bytes);

test("the protocol is the one that Jupyter's server knows by this name", () => {
  assert.equal(PROTOCOL, "v1.kernel.websocket.jupyter.org");
});

test("a frame holds channel, header, parent, metadata, content and buffers behind each other", () => {
  const frame = writeMessage("shell", header("comm_msg"), { version: "2.1.0" }, { a: 1 }, [new Uint8Array([1, 2, 3])]);
  const parts = partsOf(frame);
  assert.equal(text(parts[0]), "shell");
  assert.deepEqual(parts.slice(1, 5).map((part) => JSON.parse(text(part))), [header("comm_msg"), {}, { version: "2.1.0" }, { a: 1 }]);
  assert.deepEqual([...parts[5]], [1, 2, 3]);
  assert.equal(parts.length, 6);
  const last = Number(new DataView(frame).getBigUint64(8 * 7, true));
  assert.equal(last, frame.byteLength, "the last offset is the end of the frame");
});

const CONTENTS = {
  comm_open: { comm_id: "m1", target_name: "jupyter.widget", data: { state: { text: "å 🙂 e\u0301 \u2028" }, buffer_paths: [] } },
  comm_msg: { comm_id: "m1", data: { method: "update", state: { n: [1, null, true, { x: "y" }] }, buffer_paths: [] } },
  comm_close: { comm_id: "m1", data: {} },
};

for (const [type, content] of Object.entries(CONTENTS)) {
  test(`what is written of a ${type} is what is read`, () => {
    const message = readMessage(writeMessage("iopub", header(type), {}, content, []));
    assert.deepEqual(message, { header: header(type), content, buffers: [] });
  });
}

test("buffers of each kind arrive byte for byte, also those that are a part of a larger one, and empty ones", () => {
  const large = new Uint8Array([9, 9, 1, 2, 3, 9]);
  const buffers = [large.subarray(2, 5), new DataView(large.buffer, 1, 2), new Uint16Array([258]), new ArrayBuffer(0), new Uint8Array(70_000).fill(7)];
  const bytes = buffers.map((one) => (ArrayBuffer.isView(one) ? [...new Uint8Array(one.buffer, one.byteOffset, one.byteLength)] : []));
  const message = readMessage(writeMessage("shell", header("comm_msg"), {}, CONTENTS.comm_msg, buffers));
  assert.deepEqual(message.buffers.map((one) => [...new Uint8Array(one.buffer, one.byteOffset, one.byteLength)]), bytes);
  assert.ok(message.buffers.every((one) => one instanceof DataView));
});

for (const type of ["status", "stream", "execute_reply", "kernel_info_reply", "display_data", "iopub_welcome"]) {
  test(`of the kernel's other talk (${type}) only the header is read`, () => {
    const frame = writeMessage("iopub", header(type), {}, { execution_state: "idle" }, [new Uint8Array(3)]);
    assert.deepEqual(readMessage(frame), { header: header(type) });
  });
}

const good = () => new Uint8Array(writeMessage("shell", header("comm_msg"), {}, CONTENTS.comm_msg, [new Uint8Array(4)]));

const GARBAGE = {
  "no byte": new Uint8Array(0),
  "five bytes": new Uint8Array([1, 2, 3, 4, 5]),
  "eight bytes that promise more": new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0]),
  "a count without an end": new Uint8Array(16).fill(255),
  "the older protocol, all in one text": new TextEncoder().encode(JSON.stringify({ header: header("comm_msg"), content: {} })),
  "a frame cut short": good().slice(0, 60),
  "an offset beyond the end": Object.assign(good(), { 16: 255, 17: 255 }),
};

for (const [name, bytes] of Object.entries(GARBAGE)) {
  test(`${name}: an error, at once`, () => {
    assert.throws(() => readMessage(bytes.slice().buffer));
  });
}

test("any frame of random bytes is read or is an error", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) % 256;
  for (let round = 0; round < 300; round += 1) {
    const bytes = Uint8Array.from({ length: round }, random);
    try {
      readMessage(bytes.buffer);
    } catch (error) {
      assert.ok(error instanceof Error);
    }
  }
});
