// @ts-nocheck: Node's own types are no dependency of the page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { parseEntry, parseRoute, routeTo } from "../src/routes.ts";

test("a route names the course, a lesson, an exercise or a heading", () => {
  assert.deepEqual(parseRoute("#/"), { lesson: "", exercise: "", heading: "" });
  assert.deepEqual(parseRoute(""), { lesson: "", exercise: "", heading: "" });
  assert.deepEqual(parseRoute("#/1.4"), { lesson: "1.4", exercise: "", heading: "" });
  assert.deepEqual(parseRoute("#/1.4/compute_grid"), { lesson: "1.4", exercise: "compute_grid", heading: "" });
  assert.deepEqual(parseRoute("#/1.4?at=the-bowl"), { lesson: "1.4", exercise: "", heading: "the-bowl" });
});

test("a route with invalid percent encoding is taken as it is", () => {
  assert.equal(parseRoute("#/%E0%A4%A").lesson, "%E0%A4%A");
});

test("a route that was made is read back", () => {
  assert.equal(parseRoute(routeTo("1.4", "a b/c?d")).exercise, "a b/c?d");
});

test("the first address holds a token or a ticket, and the route that follows", () => {
  assert.deepEqual(parseEntry("#token=abc&to=/1.4"), { token: "abc", ticket: "", route: "#/1.4" });
  assert.deepEqual(parseEntry("#token=abc"), { token: "abc", ticket: "", route: "#/" });
  assert.deepEqual(parseEntry("#ticket=abc&to=/1.4"), { token: "", ticket: "abc", route: "#/1.4" });
  assert.equal(parseEntry("#/1.4"), null);
  assert.equal(parseEntry("#token="), null);
});
