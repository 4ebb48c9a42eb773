// The address of a page lives in the fragment: `#/` course, `#/1.4` lesson, `#/1.4/compute_grid`, `#/1.4?at=heading`.

export interface Route {
  /** The number or the folder's name of a lesson; empty on the page of the course. */
  readonly lesson: string;
  readonly exercise: string;
  readonly heading: string;
}

export function parseRoute(fragment: string): Route {
  const [path = "", query = ""] = fragment.replace(/^#?\/?/, "").split("?", 2);
  const [lesson = "", exercise = ""] = path.split("/").map(decoded);
  return { lesson, exercise, heading: new URLSearchParams(query).get("at") ?? "" };
}

export function routeTo(lesson: string, exercise = ""): string {
  return `#/${encodeURIComponent(lesson)}${exercise && `/${encodeURIComponent(exercise)}`}`;
}

/** What a first address holds: `#token=HEX&to=/1.4`, or `#ticket=HEX&to=/1.4`, which opens the page once. */
export interface Entry {
  readonly token: string;
  readonly ticket: string;
  /** The route that follows. */
  readonly route: string;
}

/** Null for any other fragment. */
export function parseEntry(fragment: string): Entry | null {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const token = given.get("token") ?? "";
  const ticket = given.get("ticket") ?? "";
  return token || ticket ? { token, ticket, route: `#/${(given.get("to") ?? "").replace(/^\//, "")}` } : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
