// News from the server. One tab of the browser holds the stream and tells the others.
import { Refusal, client, open } from "./client.ts";
import { Lines } from "./lines.ts";
import { place } from "./storage.ts";
import type { Message } from "./api.ts";

export interface Listener {
  message(message: Message): void;
  /** The server answers, does not answer, or does not know the token. */
  link(link: "ok" | "lost" | "refused"): void;
}

const FIRST_LINE = 3_000;
const SILENCE = 25_000;
const SHORTEST = 500;
const LONGEST = 5_000;

type Told = { readonly message: Message } | { readonly link: "ok" | "lost" | "refused" } | { readonly asks: true };

/** Listen until the signal is aborted. */
export function listen(listener: Listener, signal: AbortSignal): void {
  const name = `grade-web-stream:${place}`;
  const others = new BroadcastChannel(name);
  const newest = new Map<string, Message>();
  let isLeader = false;
  let heard = 0;
  let polling: AbortController | null = null;

  const tell: Listener = {
    message(message) {
      newest.set(subjectOf(message), message);
      others.postMessage({ message } satisfies Told);
      listener.message(message);
    },
    link(link) {
      others.postMessage({ link } satisfies Told);
      listener.link(link);
    },
  };
  others.onmessage = ({ data }: MessageEvent<Told>) => {
    if ("asks" in data) {
      if (isLeader) for (const message of newest.values()) others.postMessage({ message } satisfies Told);
      return;
    }
    if (isLeader) return;
    heard = Date.now();
    polling?.abort();
    if ("message" in data) listener.message(data.message);
    else listener.link(data.link);
  };

  // A follower that hears nothing asks the server itself until the leader is heard again.
  heard = Date.now() - SILENCE + FIRST_LINE;
  others.postMessage({ asks: true } satisfies Told);
  const watch = setInterval(() => {
    if (isLeader || polling || Date.now() - heard < SILENCE) return;
    const own = new AbortController();
    polling = own;
    void follow(listener, AbortSignal.any([signal, own.signal]), poll).finally(() => (polling = null));
  }, 1_000);
  signal.addEventListener("abort", () => {
    clearInterval(watch);
    others.close();
  });

  const lead = async () => {
    isLeader = true;
    polling?.abort();
    await follow(tell, signal, streamOrPoll);
  };
  if (navigator.locks) navigator.locks.request(name, { signal }, lead).catch(() => undefined);
  else void lead();
}

function subjectOf(message: Message): string {
  if (message.round) return `round ${message.round.lesson}`;
  if (message.file) return `file ${message.file.lesson}`;
  return message.course ? "course" : "hello";
}

type Way = (listener: Listener, signal: AbortSignal) => Promise<void>;

/** Go one way to the news again and again; a server that has gone is tried again after a while. */
async function follow(listener: Listener, signal: AbortSignal, way: Way): Promise<void> {
  let pause = SHORTEST;
  while (!signal.aborted) {
    const began = Date.now();
    try {
      await way(listener, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof Refusal && error.status === 401) {
        listener.link("refused");
        return;
      }
      listener.link("lost");
    }
    pause = Date.now() - began > LONGEST ? SHORTEST : Math.min(pause * 1.5, LONGEST);
    await sleep(pause, signal);
  }
}

/** Read the stream until it ends; where a proxy holds it back, poll. Both begin with all that is newest. */
async function streamOrPoll(listener: Listener, signal: AbortSignal): Promise<void> {
  const own = new AbortController();
  const both = AbortSignal.any([signal, own.signal]);
  let isLate = false;
  let silence = setTimeout(() => ((isLate = true), own.abort()), FIRST_LINE);
  try {
    // jupyter-server-proxy passes an answer on as it comes only for requests of this kind.
    const answer = await open("stream?after=0", { signal: both, headers: { Accept: "text/event-stream" } });
    const lines = new Lines();
    const reader = answer.body?.getReader();
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) throw new Error("The stream has ended.");
      const complete = lines.feed(piece.value);
      if (complete.length) {
        clearTimeout(silence);
        silence = setTimeout(() => own.abort(), SILENCE);
        listener.link("ok");
      }
      for (const line of complete) if (line.trim()) listener.message(JSON.parse(line) as Message);
    }
  } catch (error) {
    if (!isLate || signal.aborted) throw error;
  } finally {
    clearTimeout(silence);
  }
  await poll(listener, signal);
}

async function poll(listener: Listener, signal: AbortSignal): Promise<void> {
  for (let last = 0; ; ) {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(SILENCE + FIRST_LINE)]);
    const messages = await client.news(last, limit);
    listener.link("ok");
    for (const message of messages) {
      last = Math.max(last, message.number);
      listener.message(message);
    }
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
