// All that the page knows, and how it changes: state and event in, state out.
import type { CourseView, FileView, LessonRow, LessonView, Message, RoundState } from "./api.ts";
import * as desks from "./desk.ts";
import type { Desk, Draft } from "./desk.ts";
import type { Route } from "./routes.ts";

/** `locked`: no token; `refused`: the server does not know the token; `lost`: the server does not answer. */
export type Link = "starting" | "ok" | "lost" | "refused" | "locked";

export interface State {
  readonly route: Route;
  readonly link: Link;
  readonly course: CourseView | null;
  readonly lessons: Readonly<Record<string, LessonView>>;
  readonly rounds: Readonly<Record<string, RoundState>>;
  readonly desks: Readonly<Record<string, Desk>>;
  /** As HTML; empty while it has not been read. */
  readonly glossary: string;
  /** What is wrong with the page itself, or what the last command did; empty if nothing is to be said. */
  readonly notice: string;
}

export type Event =
  | { readonly type: "routed"; readonly route: Route }
  | { readonly type: "linked"; readonly link: Link }
  | { readonly type: "course"; readonly course: CourseView }
  | { readonly type: "lesson"; readonly lesson: LessonView }
  | { readonly type: "round"; readonly round: RoundState }
  | { readonly type: "file"; readonly file: FileView }
  | { readonly type: "draft"; readonly lesson: string; readonly draft: Draft }
  | { readonly type: "typed"; readonly lesson: string; readonly text: string }
  | { readonly type: "sent"; readonly lesson: string }
  | { readonly type: "saved"; readonly file: FileView }
  | { readonly type: "unsaved"; readonly lesson: string; readonly file: FileView | null }
  | { readonly type: "mine"; readonly lesson: string; readonly text: string }
  | { readonly type: "taken"; readonly lesson: string }
  | { readonly type: "glossary"; readonly html: string }
  | { readonly type: "notice"; readonly text: string };

/** The route that stands where a lesson's number stands. */
export const GLOSSARY = "glossary";

export const START: State = {
  route: { lesson: "", exercise: "", heading: "" },
  link: "starting",
  course: null,
  lessons: {},
  rounds: {},
  desks: {},
  glossary: "",
  notice: "",
};

export function next(state: State, event: Event): State {
  switch (event.type) {
    case "routed":
      return { ...state, route: event.route, notice: "" };
    case "linked":
      return { ...state, link: event.link };
    case "course":
      return { ...state, course: event.course };
    case "lesson":
      return { ...state, lessons: { ...state.lessons, [event.lesson.name]: event.lesson } };
    case "round":
      return { ...state, rounds: { ...state.rounds, [event.round.lesson]: event.round } };
    case "file": {
      const known = state.desks[event.file.lesson];
      const desk = known ? desks.withDisk(known, event.file) : desks.deskOf(event.file);
      return { ...state, desks: { ...state.desks, [event.file.lesson]: desk } };
    }
    case "draft":
      return changed(state, event.lesson, (desk) => desks.withDraft(desk, event.draft));
    case "typed":
      return changed(state, event.lesson, (desk) => desks.withText(desk, event.text));
    case "sent":
      return { ...changed(state, event.lesson, desks.withSent), notice: "" };
    case "saved":
      return changed(state, event.file.lesson, (desk) => desks.withSaved(desk, event.file));
    case "unsaved":
      return changed(state, event.lesson, (desk) => desks.withRefused(desk, event.file));
    case "mine":
      return changed(state, event.lesson, (desk) => desks.withMine(desk, event.text));
    case "taken":
      return changed(state, event.lesson, desks.withTaken);
    case "glossary":
      return { ...state, glossary: event.html };
    case "notice":
      return { ...state, notice: event.text };
  }
}

function changed(state: State, lesson: string, change: (desk: Desk) => Desk): State {
  const desk = state.desks[lesson];
  return desk ? { ...state, desks: { ...state.desks, [lesson]: change(desk) } } : state;
}

/** What a message of the stream says has happened; a file that no page has open is left alone. */
export function eventsOf(message: Message, state: State): Event[] {
  const events: Event[] = [];
  if (message.round) events.push({ type: "round", round: message.round });
  if (message.file && state.desks[message.file.lesson]) events.push({ type: "file", file: message.file });
  if (message.course) events.push({ type: "course", course: message.course });
  return events;
}

export function rowsOf(course: CourseView | null): readonly LessonRow[] {
  return course ? course.modules.flatMap((module) => module.lessons) : [];
}

/** The lesson that a route names by its number or its folder. */
export function rowOf(course: CourseView | null, lesson: string): LessonRow | undefined {
  return rowsOf(course).find((row) => row.id === lesson || row.name === lesson);
}

export interface Progress {
  readonly passed: number;
  readonly total: number;
}

/** How many of the exercises that count have passed. */
export function progressOf(rows: readonly { readonly bonus: boolean; readonly status: string }[]): Progress {
  const counted = rows.filter((row) => !row.bonus);
  return { passed: counted.filter((row) => row.status === "passed").length, total: counted.length };
}

/** The exercise to begin with: the first with something to mend, else the first to write, else the first. */
export function firstToDo(rows: readonly { readonly name: string; readonly status: string }[]): string {
  const mend = rows.find((row) => !["", "passed", "todo"].includes(row.status));
  return (mend ?? rows.find((row) => row.status !== "passed") ?? rows[0])?.name ?? "";
}

/** The exercise to go on to after this one has passed; empty if all that counts has passed. */
export function following(
  rows: readonly { readonly name: string; readonly bonus: boolean; readonly status: string }[],
  name: string,
): string {
  const open = rows.filter((row) => row.status !== "passed" && !row.bonus);
  const at = rows.findIndex((row) => row.name === name);
  return (open.find((row) => rows.indexOf(row) > at) ?? open[0])?.name ?? "";
}
