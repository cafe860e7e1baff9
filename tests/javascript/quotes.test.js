// The exact words of a text: positions are code points, as in Python, whatever a word is made of.

import assert from "node:assert/strict";
import { test } from "node:test";

import { readQuoteRanges, sliceCodePoints, splitWords, writeQuoteRange } from "../../src/cowork/widgets/form/quote_ranges.js";
import { Model, Page } from "./page.js";

const VERSION = "0190a5b1-7c00-7000-8000-000000000001";
const TEXTS = {
  plain: "I care for my mother.",
  emoji: "we 👩‍👩‍👧 walk 🙂🙂 home",
  "combining marks": "cafe\u0301 a\u030A\u0323 go\u0308r",
  "signs beyond the first plane": "𝔞𝔟 𐍈 x",
  turns: "Anna:  I was afraid.\n\nBo:\tSo was I.\u00a0Yes.\n",
  "right to left": "שלום עולם",
  empty: "",
  blank: " \n\t",
};

for (const [name, text] of Object.entries(TEXTS)) {
  test(`each word of a text (${name}) is the slice at its place, and between them is white space alone`, () => {
    const words = splitWords(text);
    for (const { text: word, at, start, end } of words) {
      assert.equal(sliceCodePoints(text, start, end), word);
      assert.equal(text.slice(at, at + word.length), word);
      assert.equal(end - start, [...word].length);
      assert.match(word, /^\S+$/u);
    }
    const between = [0, ...words.map((word) => word.end)].map((end, i) => sliceCodePoints(text, end, words[i]?.start));
    assert.ok(between.every((gap) => gap.trim() === ""), JSON.stringify(between));
  });
}

test("an emoji counts once, a combining mark by itself", () => {
  assert.deepEqual(splitWords("🙂 e\u0301 x").map(({ start, end }) => [start, end]), [[0, 1], [2, 4], [5, 6]]);
});

function openSelector(text) {
  const page = new Page();
  const { QuoteSelector } = page.load("widgets/form/quote_selector.js");
  const told = [];
  const used = [];
  const selector = new QuoteSelector(new Model(), { id: VERSION, text }, {
    onUse: (start, end) => used.push([start, end]),
    announce: (key, vars) => told.push([key, vars.words ?? vars.word]),
    onMark: () => {},
    onClose: () => {},
  }); // prettier-ignore
  return { selector, told, used };
}

test("a first word and a last one mark all between them, whichever comes first", () => {
  for (const [first, last] of [[1, 3], [3, 1]]) {
    const { selector, told } = openSelector(TEXTS.emoji);
    selector.chooseWord(first);
    assert.equal(selector.getMarkedRange(), null, "one end says nothing of the other");
    assert.equal(selector.getFirstWord(), splitWords(TEXTS.emoji)[first].text);
    selector.chooseWord(last);
    const range = selector.getMarkedRange();
    assert.equal(sliceCodePoints(TEXTS.emoji, ...range), "👩‍👩‍👧 walk 🙂🙂");
    assert.equal(selector.getMarkedText(), "👩‍👩‍👧 walk 🙂🙂");
    assert.deepEqual(told.at(-1), ["picks.marked", "👩‍👩‍👧 walk 🙂🙂"]);
  }
});

test("words marked across turns hold the lines between them as they were said", () => {
  const { selector } = openSelector(TEXTS.turns);
  const words = splitWords(TEXTS.turns).map((word) => word.text);
  selector.chooseWord(words.indexOf("afraid."));
  selector.chooseWord(words.indexOf("So"));
  assert.equal(selector.getMarkedText(), "afraid.\n\nBo:\tSo");
});

test("one word is marked by choosing it twice, and used words leave room for others", () => {
  const { selector, used } = openSelector(TEXTS["combining marks"]);
  selector.chooseWord(0);
  selector.chooseWord(0);
  selector.useMarked();
  assert.deepEqual(used, [[0, 5]]);
  assert.equal(selector.getMarkedRange(), null);
});

test("a range is read as it was written", () => {
  const ranges = [{ version: VERSION }, { version: VERSION, start: 0, end: 1 }, { version: VERSION, start: 12, end: 345 }];
  assert.deepEqual(readQuoteRanges(ranges.map(writeQuoteRange)), ranges);
});

test("what is no range is left aside, and never an error", () => {
  for (const value of [null, undefined, 7, "x", {}, [null], [""], ["x"], [`${VERSION}:3`], [`${VERSION}:3:3`], [`${VERSION}:5:3`], [`${VERSION}:-1:3`]]) {
    assert.deepEqual(readQuoteRanges(value), [], JSON.stringify(value));
  }
});
