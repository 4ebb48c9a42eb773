// @ts-nocheck: Node's own types are no dependency of the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as desks from "../src/desk.ts";

const file = (content, digest = content) => ({ lesson: "one", content, digest, complaint: "" });
const open = (content) => desks.deskOf(file(content));

test("an editor without changes follows the disk", () => {
  const desk = desks.withDisk(open("a"), file("b"));
  assert.equal(desk.mine, "b");
  assert.equal(desks.standingOf(desk), "saved");
});

test("changes are kept when the disk changes, and that is a conflict", () => {
  const desk = desks.withDisk(desks.withText(open("a"), "mine"), file("b"));
  assert.equal(desk.mine, "mine");
  assert.equal(desks.standingOf(desk), "conflict");
});

test("a conflict ends when the disk is as it was, or holds what the editor holds", () => {
  const conflict = desks.withDisk(desks.withText(open("a"), "mine"), file("b"));
  assert.equal(desks.standingOf(desks.withDisk(conflict, file("a"))), "unsaved");
  assert.equal(desks.standingOf(desks.withDisk(conflict, file("mine"))), "saved");
});

test("the news of a save on its way does not cause a conflict, even after more typing", () => {
  const sent = desks.withSent(desks.withText(open("a"), "ab"));
  const typed = desks.withText(sent, "abc");
  const heard = desks.withDisk(typed, file("ab"));
  assert.equal(heard.mine, "abc");
  assert.equal(desks.standingOf(heard), "unsaved");
  const saved = desks.withSaved(heard, file("ab"));
  assert.equal(saved.mine, "abc");
  assert.equal(desks.standingOf(saved), "unsaved");
});

test("a save is confirmed", () => {
  const saved = desks.withSaved(desks.withSent(desks.withText(open("a"), "ab")), file("ab"));
  assert.equal(desks.standingOf(saved), "saved");
  assert.equal(saved.sent, null);
});

test("a save that is refused loses nothing", () => {
  const refused = desks.withRefused(desks.withSent(desks.withText(open("a"), "mine")), file("b"));
  assert.equal(refused.mine, "mine");
  assert.equal(desks.standingOf(refused), "conflict");
  const lost = desks.withRefused(desks.withSent(desks.withText(open("a"), "mine")), null);
  assert.equal(desks.standingOf(lost), "unsaved");
});

test("keeping mine and taking the disk end a conflict", () => {
  const conflict = desks.withDisk(desks.withText(open("a"), "mine"), file("b"));
  assert.equal(desks.standingOf(desks.withMine(conflict, "both")), "unsaved");
  assert.equal(desks.withMine(conflict, "both").base.digest, "b");
  assert.equal(desks.withTaken(conflict).mine, "b");
});

test("a draft comes back as unsaved changes, or as a conflict if the disk has moved on", () => {
  const draft = (base) => ({ base, text: "draft", at: 5 });
  assert.equal(desks.standingOf(desks.withDraft(open("a"), draft("a"))), "unsaved");
  assert.equal(desks.standingOf(desks.withDraft(open("b"), draft("a"))), "conflict");
  assert.equal(desks.standingOf(desks.withDraft(open("draft"), draft("a"))), "saved");
});
