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

/** The token of the first address, `#token=HEX&to=/1.4`, and the route that follows; null for any other fragment. */
export function parseEntry(fragment: string): { readonly token: string; readonly route: string } | null {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const token = given.get("token");
  return token ? { token, route: `#/${(given.get("to") ?? "").replace(/^\//, "")}` } : null;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
