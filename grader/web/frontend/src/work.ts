// What the page does: requests, and the events that their answers are.
import type { FileView, Message, RoundState } from "./api.ts";
import { Refusal, Unreachable, client } from "./client.ts";
import { standingOf } from "./desk.ts";
import { listen } from "./stream.ts";
import { dropDrafts, dropOwn, findDraft, keepDraft } from "./storage.ts";
import { GLOSSARY, eventsOf, rowOf } from "./state.ts";
import type { Link } from "./state.ts";
import { store } from "./store.ts";

let serverName = "";
let lastOpen = 0;
let listening: AbortController | null = null;

/** The folder of the lesson that the page shows; empty on the page of the course. */
export function lessonShown(): string {
  const { course, route } = store.get();
  return route.lesson ? (rowOf(course, route.lesson)?.name ?? "") : "";
}

/** Read what the route needs, and tell the server which lesson to grade. */
export async function show(): Promise<void> {
  await attempt(async () => {
    if (!store.get().course) store.send({ type: "course", course: await client.course() });
    if (store.get().route.lesson === GLOSSARY) await fetchGlossary();
    const lesson = lessonShown();
    if (!lesson) return;
    const reads: Promise<void>[] = [openLesson(lesson)];
    if (!store.get().lessons[lesson]) {
      reads.push(client.lesson(lesson).then((view) => store.send({ type: "lesson", lesson: view })));
    }
    if (!store.get().desks[lesson]) reads.push(readFile(lesson));
    await Promise.all(reads);
  });
}

async function fetchGlossary(): Promise<void> {
  if (!store.get().glossary) store.send({ type: "glossary", html: (await client.glossary()).html });
}

export const readGlossary = () => attempt(fetchGlossary);

async function readFile(lesson: string): Promise<void> {
  const file = await client.file(lesson);
  const isFirst = !store.get().desks[lesson];
  store.send({ type: "file", file });
  const draft = isFirst && !file.complaint ? findDraft(lesson) : null;
  if (draft && draft.text !== file.content) store.send({ type: "draft", lesson, draft });
  dropDrafts(lesson, file.content);
}

/** Read how a lesson stands; the tab that is seen has it graded from now on. */
async function openLesson(lesson: string): Promise<void> {
  const isSeen = document.visibilityState === "visible";
  if (isSeen) lastOpen = Date.now();
  await take(lesson, () => (isSeen ? client.open(lesson) : client.round(lesson)));
}

/** How a lesson stands, from an answer: what the stream has told meanwhile is newer. */
async function take(lesson: string, ask: () => Promise<RoundState>): Promise<void> {
  const before = store.get().rounds[lesson];
  const round = await ask();
  if (store.get().rounds[lesson] === before) store.send({ type: "round", round });
}

/** The tab is seen again: the server grades the lesson that is read. */
export function resume(): void {
  const lesson = lessonShown();
  // Coming back fires two events: visibility and focus.
  if (lesson && Date.now() - lastOpen > 1000) void attempt(() => openLesson(lesson));
}

/** Read everything again: the server is another one. */
async function readAgain(): Promise<void> {
  await attempt(async () => {
    store.send({ type: "course", course: await client.course() });
    for (const lesson of Object.keys(store.get().desks)) await readFile(lesson);
    const lesson = lessonShown();
    if (lesson) {
      store.send({ type: "lesson", lesson: await client.lesson(lesson) });
      await openLesson(lesson);
    }
  });
}

export function startStream(): void {
  listening?.abort();
  listening = new AbortController();
  listen({ message: hear, link: hearLink }, listening.signal);
}

export function stopStream(): void {
  listening?.abort();
  listening = null;
}

function hearLink(link: Link): void {
  const before = store.get().link;
  if (link === before) return;
  store.send({ type: "linked", link });
  // What could not be read while no server was there is read now.
  if (link === "ok" && before === "lost") void show();
}

function hear(message: Message): void {
  if (message.hello !== null) {
    const isOther = serverName !== "" && message.hello !== serverName;
    serverName = message.hello;
    if (isOther) void readAgain();
  }
  for (const event of eventsOf(message, store.get())) store.send(event);
}

/** Run a task; its failure becomes a sentence on the page. Returns whether it succeeded. */
export async function attempt(task: () => Promise<void>): Promise<boolean> {
  try {
    await task();
    return true;
  } catch (error) {
    if (error instanceof Unreachable) store.send({ type: "linked", link: "lost" });
    else if (error instanceof Refusal && error.status === 401) store.send({ type: "linked", link: "refused" });
    else if (error instanceof Refusal) store.send({ type: "notice", text: error.message });
    else throw error;
    return false;
  }
}

export function type(lesson: string, text: string): void {
  store.send({ type: "typed", lesson, text });
  guard(lesson);
}

/** Keep a draft as long as the editor holds something that the server has not confirmed. */
function guard(lesson: string): void {
  const desk = store.get().desks[lesson];
  if (!desk) return;
  if (standingOf(desk) === "saved") dropOwn(lesson);
  else keepDraft(lesson, { base: desk.base.digest, text: desk.mine, at: Date.now() });
}

/** Save what the editor holds; a file without changes is graded again. Returns whether nothing is left unsaved. */
export async function save(lesson: string): Promise<boolean> {
  const desk = store.get().desks[lesson];
  if (!desk || desk.sent !== null || desk.disk.complaint) return false;
  const standing = standingOf(desk);
  if (standing === "conflict") return false;
  if (standing === "saved") return gradeAgain(lesson);
  return put(lesson, desk.mine, desk.base.digest);
}

async function put(lesson: string, text: string, digest: string): Promise<boolean> {
  store.send({ type: "sent", lesson });
  try {
    const file = await client.save(lesson, text, digest);
    store.send({ type: "saved", file });
    dropDrafts(lesson, text);
    guard(lesson);
    return true;
  } catch (error) {
    const other = error instanceof Refusal && error.status === 409 ? (error.body as { file: FileView }).file : null;
    store.send({ type: "unsaved", lesson, file: other });
    if (!other) await attempt(() => Promise.reject(error));
    return false;
  }
}

/** End a conflict with this text; the server keeps the other version. */
export function keepMine(lesson: string, text: string): Promise<boolean> {
  const desk = store.get().desks[lesson];
  if (!desk) return Promise.resolve(false);
  store.send({ type: "mine", lesson, text });
  guard(lesson);
  return put(lesson, text, desk.disk.digest);
}

/** Drop what the editor holds and go on with the file on disk. */
export function takeDisk(lesson: string): void {
  const desk = store.get().desks[lesson];
  if (!desk) return;
  dropDrafts(lesson, desk.mine);
  dropOwn(lesson);
  store.send({ type: "taken", lesson });
}

export function gradeAgain(lesson: string): Promise<boolean> {
  return attempt(() => take(lesson, () => client.grade(lesson)));
}

/** Write an answer of a quiz into the file; what the editor holds is saved first. */
export async function answer(lesson: string, exercise: string, question: string, letter: string): Promise<void> {
  const desk = store.get().desks[lesson];
  if (desk && standingOf(desk) !== "saved" && !(await save(lesson))) return;
  await attempt(async () => {
    const base = store.get().desks[lesson]?.disk.digest ?? "";
    store.send({ type: "file", file: await client.answer(lesson, exercise, question, letter, base) });
  });
}

/** Reset or undo: what the editor holds is saved first, so that the server keeps it as a version. */
export async function change(lesson: string, command: "undo" | { readonly reset: string }): Promise<void> {
  const desk = store.get().desks[lesson];
  if (desk && standingOf(desk) !== "saved" && !(await save(lesson))) return;
  await attempt(async () => {
    const changed = command === "undo" ? await client.undo(lesson) : await client.reset(lesson, command.reset);
    store.send({ type: "file", file: changed.file });
    store.send({ type: "notice", text: changed.said });
  });
}
