// Nothing is lost, nothing arrives twice, and nothing counts as shared before the kernel has said so.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Model, Page, settle, Store } from "./page.js";

const OUTBOX = "widgets/runtime/outbox.js";
const BOX = "intention";

function join(page, model, { box = BOX } = {}) {
  const { outbox, createSubmission, subscribeToOutbox } = page.load(OUTBOX);
  const events = [];
  const signal = new AbortController();
  const onEvent = (event, item, answer) => events.push([event, item.id, answer?.message]);
  subscribeToOutbox(model, signal.signal, { ownsBox: (other) => other === box, onEvent });
  const share = (text, more = {}) => {
    const item = createSubmission(model, { box, kind: "utterance", fields: { text }, ...more });
    outbox.enqueue(model, item);
    page.now += 1; // ids sort by the millisecond that they were made in
    return item;
  };
  return { outbox, share, events, leave: () => signal.abort() };
}

const texts = (items) => items.map((item) => item.fields.text);

test("an item stands on the device before it is sent, and until it is acknowledged", async () => {
  const store = new Store();
  const model = new Model();
  const onDevice = [];
  model.send = (message) => onDevice.push(store.getItem(`cowork:out:KIND-7:p1:${message.item.id}`));
  const { outbox, share, events } = join(new Page(store), model);
  const item = share("I care for my mother");
  assert.equal(JSON.parse(onDevice[0]).fields.text, "I care for my mother");
  assert.equal(outbox.listWaiting(model).length, 1);
  model.answer({ done: "shared", id: item.id });
  assert.deepEqual(store.keys(), []);
  assert.deepEqual(events, [["shared", item.id, undefined]]);
});

test("what is not answered is sent again with the same id, and goes on being sent", async () => {
  const page = new Page();
  const model = new Model();
  const { share } = join(page, model);
  const item = share("Once");
  await page.pass(16_000);
  assert.ok(model.shared.length >= 3);
  assert.deepEqual([...new Set(model.shared.map((one) => one.id))], [item.id]);
  model.answer({ done: "shared", id: item.id });
  const sent = model.shared.length;
  await page.pass(60_000);
  assert.equal(model.shared.length, sent);
});

test("an answer that comes twice is told once", () => {
  const model = new Model();
  const { share, events } = join(new Page(), model);
  const item = share("Once");
  model.answer({ done: "shared", id: item.id });
  model.answer({ done: "shared", id: item.id });
  assert.equal(events.length, 1);
});

test("items are sent in the order in which they were shared, after an interruption too", async () => {
  const page = new Page();
  const model = new Model();
  const { outbox, share } = join(page, model);
  await settle();
  outbox.setConnected(model, false);
  for (const text of ["first", "second", "third"]) share(text);
  await page.pass(30_000);
  assert.deepEqual(model.shared, [], "a socket that is down would keep every try");
  outbox.setConnected(model, true);
  assert.deepEqual(texts(model.shared), ["first", "second", "third"]);
});

test("a send that raises an error leaves the item where it is", async () => {
  const page = new Page();
  const model = new Model();
  const { share, outbox } = join(page, model);
  model.deaf = true;
  share("Kept");
  await page.pass(4000);
  assert.equal(outbox.listWaiting(model).length, 1);
  model.deaf = false;
  await page.pass(6000);
  assert.deepEqual(new Set(texts(model.shared)), new Set(["Kept"]));
});

test("lateness is told once, and the page is asked whether the kernel is there", async () => {
  const page = new Page();
  const model = new Model();
  let asked = 0;
  page.window.addEventListener("cowork:late", () => (asked += 1));
  const { share, events } = join(page, model);
  const item = share("Late");
  await page.pass(20_000);
  assert.deepEqual(events, [["late", item.id, undefined]]);
  assert.equal(asked, 1);
});

test("after a reload the items of before are sent with their ids", async () => {
  const [local, session] = [new Store(), new Store()];
  const before = join(new Page(local, session), new Model());
  const item = before.share("Before the reload");
  const model = new Model();
  join(new Page(local, session), model);
  await settle();
  assert.deepEqual(model.shared.map((one) => one.id), [item.id]);
});

test("refused words go back into the draft of their box, above what was typed meanwhile", () => {
  const page = new Page();
  const model = new Model();
  const { share } = join(page, model);
  const item = share("Refused words");
  const { saveDraft, readDraft } = page.load("widgets/runtime/drafts.js");
  saveDraft(model, BOX, { fields: { text: "typed since" }, choices: {} });
  model.answer({ done: "refused", id: item.id, message: "Too long." });
  assert.equal(readDraft(model, BOX).fields.text, "Refused words\n\ntyped since");
});

test("what fails for now stays, and is told with the words of the kernel", () => {
  const model = new Model();
  const { share, outbox, events } = join(new Page(), model);
  const item = share("Not now");
  model.answer({ done: "failed", id: item.id, message: "The disk is full." });
  assert.deepEqual(events, [["failed", item.id, "The disk is full."]]);
  assert.equal(outbox.listWaiting(model).length, 1);
});

test("a full storage leaves the item in the page, which says so, and keeps it once there is room", () => {
  const store = new Store();
  const page = new Page(store);
  const model = new Model();
  const { share, outbox } = join(page, model);
  const first = share("Stored");
  store.room = store.keys().reduce((sum, key) => sum + key.length + store.getItem(key).length, 0);
  let told = 0;
  page.window.addEventListener("cowork:keeping", () => (told += 1));
  const second = share("No room for these");
  const { deviceStorage } = page.load("widgets/runtime/storage.js");
  assert.equal(told, 1);
  assert.equal(deviceStorage.isPersistent(), false);
  assert.equal(deviceStorage.wouldLoseWords(), true);
  assert.deepEqual(texts(outbox.listWaiting(model)), ["Stored", "No room for these"]);
  assert.equal(store.keys().length, 1);
  store.room = Infinity;
  model.answer({ done: "shared", id: first.id });
  assert.deepEqual(store.keys(), [`cowork:out:KIND-7:p1:${second.id}`]);
  assert.equal(deviceStorage.isPersistent(), true);
});

test("two tabs of one person lose nothing of each other, and each item is acknowledged once", async () => {
  const store = new Store();
  const [left, right] = [new Model(), new Model()];
  const one = join(new Page(store), left);
  const other = join(new Page(store), right);
  const first = one.share("From the left");
  const second = other.share("From the right");
  assert.equal(store.keys().length, 2, "one key for each item: two tabs that rewrote one list would lose one");
  left.answer({ done: "shared", id: first.id });
  assert.deepEqual(texts(other.outbox.listWaiting(right)), ["From the right"]);
  right.answer({ done: "shared", id: second.id });
  left.answer({ done: "shared", id: second.id });
  assert.deepEqual(store.keys(), []);
  assert.deepEqual([one.events.length, other.events.length], [1, 1]);
});

test("two tabs keep a draft each, and the words of a tab that was closed come to the next", () => {
  const store = new Store();
  const model = new Model();
  const tabs = [new Page(store), new Page(store), new Page(store)].map((page) => page.load("widgets/runtime/drafts.js"));
  tabs[0].saveDraft(model, BOX, { fields: { text: "left" } });
  tabs[1].saveDraft(model, BOX, { fields: { text: "right" } });
  assert.equal(tabs[0].readDraft(model, BOX).fields.text, "left");
  assert.deepEqual(tabs[2].readDraft(model, BOX).fields.text.split("\n\n").sort(), ["left", "right"]);
});

test("items of another person, or of another workshop, are not sent", async () => {
  const store = new Store();
  join(new Page(store), new Model()).share("Mine");
  for (const traits of [{ me: "p2" }, { scope: "KIND-8" }]) {
    const model = new Model(traits);
    join(new Page(store), model);
    await settle();
    assert.deepEqual(model.shared, []);
  }
});

test("an item that could never arrive is refused here, in words", async () => {
  const words = { "error.too_long": { one: "{n} sign too many", other: "{n} signs too many" } };
  const model = new Model({ words });
  const { share, events, outbox } = join(new Page(), model);
  const item = share("🙂".repeat(200_002));
  await settle();
  assert.deepEqual(model.shared, []);
  assert.deepEqual(events, [["refused", item.id, "2 signs too many"]]);
  assert.deepEqual(outbox.listWaiting(model), []);
});

test("for whom a scribe writes goes with the words", () => {
  const model = new Model({ voice: "p9" });
  const { share } = join(new Page(), model);
  const item = share("In her words", { choices: { shown: "name" } });
  assert.deepEqual({ ...item.choices }, { shown: "name", for: "p9" });
});
