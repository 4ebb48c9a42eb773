// Requests to the server. Every address is relative to the page's own.
import type * as api from "./api.ts";

const base = new URL(".", location.href.split("#")[0]);

export const token = {
  value: "",
};

/** The server has answered that it will not. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
  ) {
    super(messageOf(body) || `The server answered with status ${status}.`);
  }
}

/** No answer has come. */
export class Unreachable extends Error {}

function messageOf(body: unknown): string {
  const error = typeof body === "object" && body !== null && "error" in body ? body.error : "";
  return typeof error === "string" ? error : "";
}

export async function open(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("X-Grade-Token", token.value);
  let answer: Response;
  try {
    answer = await fetch(new URL(`api/${path}`, base), { ...init, headers, cache: "no-store", credentials: "same-origin" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable("The server does not answer.");
  }
  if (answer.ok) return answer;
  const body: unknown = await answer.json().catch(() => null);
  // A proxy that finds no server answers in its place, and not in the server's way.
  if (answer.status >= 502 && !messageOf(body)) throw new Unreachable("The server does not answer.");
  throw new Refusal(answer.status, body);
}

/** The token that the server gives for a ticket; empty if the ticket has been used or is too old. */
export async function exchange(ticket: string): Promise<string> {
  const answer = await fetch(new URL("enter", base), { method: "POST", body: ticket, cache: "no-store" }).catch(() => null);
  return answer?.ok ? ((await answer.json()) as api.Entrance).token : "";
}

async function json<Answer>(path: string, init?: RequestInit): Promise<Answer> {
  return (await open(path, init)).json() as Promise<Answer>;
}

function post<Answer>(path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const init = { method: "POST", signal: signal ?? null };
  if (body === undefined) return json(path, init);
  return json(path, { ...init, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });
}

const part = encodeURIComponent;
const inLesson = (lesson: string) => `lessons/${part(lesson)}`;
const inExercise = (lesson: string, exercise: string) => `${inLesson(lesson)}/exercises/${part(exercise)}`;

export const client = {
  course: () => json<api.CourseView>("course"),
  lesson: (lesson: string) => json<api.LessonView>(inLesson(lesson)),
  round: (lesson: string) => json<api.RoundState>(`${inLesson(lesson)}/round`),
  open: (lesson: string) => post<api.RoundState>(`${inLesson(lesson)}/open`),
  grade: (lesson: string) => post<api.RoundState>(`${inLesson(lesson)}/grade`),
  file: (lesson: string) => json<api.FileView>(`${inLesson(lesson)}/file`),
  save: (lesson: string, text: string, digest: string) =>
    json<api.FileView>(`${inLesson(lesson)}/file`, {
      method: "PUT",
      body: text,
      headers: { "Content-Type": "text/plain; charset=utf-8", "If-Match": `"${digest}"` },
    }),
  versions: (lesson: string) => json<readonly api.VersionRow[]>(`${inLesson(lesson)}/versions`),
  version: (lesson: string, id: number) => json<api.FileView>(`${inLesson(lesson)}/versions/${id}`),
  reset: (lesson: string, exercise: string) => post<api.Changed>(`${inLesson(lesson)}/reset`, { exercise }),
  undo: (lesson: string) => post<api.Changed>(`${inLesson(lesson)}/undo`),
  answer: (lesson: string, exercise: string, question: string, letter: string, digest: string) =>
    json<api.FileView>(`${inExercise(lesson, exercise)}/answer`, {
      method: "POST",
      body: JSON.stringify({ question, letter }),
      headers: { "Content-Type": "application/json", "If-Match": `"${digest}"` },
    }),
  hints: (lesson: string, exercise: string) => json<api.HintView>(`${inExercise(lesson, exercise)}/hints`),
  nextHint: (lesson: string, exercise: string) => post<api.HintView>(`${inExercise(lesson, exercise)}/hints`),
  why: (lesson: string, exercise: string) => json<api.WhyView>(`${inExercise(lesson, exercise)}/why`),
  picture: (lesson: string, exercise: string, signal: AbortSignal) =>
    json<api.Picture | null>(`${inExercise(lesson, exercise)}/picture`, { signal }),
  solution: (lesson: string, exercise: string, anyway: boolean) =>
    json<api.SolutionView>(`${inExercise(lesson, exercise)}/solution${anyway ? "?anyway=1" : ""}`),
  appeal: async (lesson: string, exercise: string, says: string) => {
    const body = JSON.stringify({ says });
    return (await open(`${inExercise(lesson, exercise)}/appeal`, { method: "POST", body })).blob();
  },
  predict: (lesson: string, label: string, guess: api.PredictionGuess) =>
    post<api.PredictionAnswer>(`${inLesson(lesson)}/predictions/${part(label)}`, guess),
  predicted: (lesson: string, label: string) =>
    json<api.Picture | null>(`${inLesson(lesson)}/predictions/${part(label)}/picture`),
  move: (lesson: string, figure: string, values: Readonly<Record<string, number>>, signal: AbortSignal) =>
    post<api.Moved | null>(`${inLesson(lesson)}/figures/${part(figure)}`, values, signal),
  glossary: () => json<api.GlossaryView>("glossary"),
  news: (after: number, signal: AbortSignal) => json<readonly api.Message[]>(`news?after=${after}`, { signal }),
};
