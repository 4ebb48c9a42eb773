// @ts-nocheck: Node's own types are no dependency of the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf, told } from "../src/failure.ts";
import { Lines } from "../src/lines.ts";
import { START, eventsOf, firstToDo, following, next, progressOf } from "../src/state.ts";

const row = (name, status, bonus = false) => ({ name, status, bonus });

test("lines are put together from pieces, characters that were cut included", () => {
  const bytes = new TextEncoder().encode('{"a":"ü"}\n\n{"b":1}\n');
  const lines = new Lines();
  const seen = [...bytes].flatMap((byte) => lines.feed(Uint8Array.of(byte)));
  assert.deepEqual(seen, ['{"a":"ü"}', "", '{"b":1}']);
});

test("a bonus exercise counts neither for the progress nor as the next", () => {
  const rows = [row("a", "passed"), row("b", "todo", true), row("c", "todo")];
  assert.deepEqual(progressOf(rows), { passed: 1, total: 2 });
  assert.equal(following(rows, "a"), "c");
  assert.equal(following([row("a", "todo"), row("b", "passed")], "b"), "a");
  assert.equal(following([row("a", "passed"), row("b", "todo", true)], "a"), "");
});

test("what is to be mended comes before what is to be written", () => {
  assert.equal(firstToDo([row("a", "passed"), row("b", "todo"), row("c", "wrong")]), "c");
  assert.equal(firstToDo([row("a", "passed"), row("b", "todo")]), "b");
  assert.equal(firstToDo([row("a", "passed")]), "a");
  assert.equal(firstToDo([]), "");
});

test("news of a file that is not open change nothing", () => {
  const file = { lesson: "one", content: "a", digest: "1", complaint: "" };
  const message = { number: 2, hello: null, round: null, course: null, file };
  assert.deepEqual(eventsOf(message, START), []);
  const open = next(START, { type: "file", file });
  assert.equal(eventsOf(message, open).length, 1);
});

test("what happened takes the place of the claim where nothing was returned", () => {
  const failure = { claim: "It holds.", message: "Your code raised ValueError.\n\n  no\n  way", explanation: "" };
  assert.deepEqual(told(failure, "raised"), {
    headline: "Your code raised ValueError.",
    claim: "It holds.",
    before: [{ text: "no\nway", is_code: true }],
  });
  assert.equal(told(failure, "invalid").claim, "");
  assert.equal(told(failure, "wrong").headline, "It holds.");
  assert.equal(told({ ...failure, message: "" }, "timeout").headline, "It holds.");
});

test("a text is paragraphs and what is indented", () => {
  assert.deepEqual(blocksOf("one\ntwo\n\nthree\n  code\n    more\n"), [
    { text: "one\ntwo", is_code: false },
    { text: "three", is_code: false },
    { text: "code\n  more", is_code: true },
  ]);
  assert.deepEqual(blocksOf(""), []);
});
