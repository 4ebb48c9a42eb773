// What the browser keeps. It may refuse (private window, full): then the page works without.
import type { Draft } from "./desk.ts";

/** Servers behind the prefixes of one proxy share an origin: their pages must not share what they keep. */
export const place = location.pathname.replace(/[^/]*$/, "");

export function read(key: string, box: Storage = localStorage): string {
  try {
    return box.getItem(key) ?? "";
  } catch {
    return "";
  }
}

export function write(key: string, text: string, box: Storage = localStorage): boolean {
  try {
    if (text) box.setItem(key, text);
    else box.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

const page = pageName();
const prefixOf = (lesson: string) => `grade-draft:${place}:${lesson}:`;

/** Keep what the editor holds. Every tab has a draft of its own. */
export function keepDraft(lesson: string, draft: Draft): boolean {
  dropOwn(lesson, draft.base);
  return write(`${prefixOf(lesson)}${draft.base}:${page}`, JSON.stringify(draft));
}

/** The draft to go on with: that of this tab before it was loaded again, else the newest of all. */
export function findDraft(lesson: string): Draft | null {
  const found = keysOf(lesson)
    .map((key) => ({ key, draft: parsed(read(key)) }))
    .filter((each): each is { key: string; draft: Draft } => each.draft !== null)
    .sort((one, other) => other.draft.at - one.draft.at);
  return (found.find(({ key }) => key.endsWith(`:${page}`)) ?? found[0])?.draft ?? null;
}

/** This text is on disk or not wanted any more: no draft needs to keep it. */
export function dropDrafts(lesson: string, text: string): void {
  for (const key of keysOf(lesson)) if (parsed(read(key))?.text === text) write(key, "");
}

/** The editor of this tab holds no changes. */
export function dropOwn(lesson: string, except = ""): void {
  for (const key of keysOf(lesson)) {
    if (key.endsWith(`:${page}`) && key !== `${prefixOf(lesson)}${except}:${page}`) write(key, "");
  }
}

function keysOf(lesson: string): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(prefixOf(lesson)));
  } catch {
    return [];
  }
}

function parsed(text: string): Draft | null {
  try {
    const draft: Partial<Draft> = JSON.parse(text);
    const isDraft = typeof draft.text === "string" && typeof draft.base === "string" && typeof draft.at === "number";
    return isDraft ? (draft as Draft) : null;
  } catch {
    return null;
  }
}

function pageName(): string {
  const known = read("grade-page", sessionStorage);
  const name = known || crypto.getRandomValues(new Uint32Array(2)).join("-");
  write("grade-page", name, sessionStorage);
  return name;
}
