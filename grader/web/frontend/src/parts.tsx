// Small parts that several places of the page use.
import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Block } from "./api.ts";
import { Refusal } from "./client.ts";

const SIGNS: Readonly<Record<string, string>> = {
  passed: "M4.8 8.3 7 10.5l4.3-4.9",
  wrong: "m5.5 5.5 5 5m0-5-5 5",
  raised: "M8 4.3v4.4m0 2.6v.1",
  timeout: "M8 4.5V8l2.3 1.5",
  crashed: "M9.2 3.9 6.3 8.2h3.4l-2.9 3.9",
  invalid: "M6.2 6.3a1.9 1.9 0 1 1 2.7 1.7c-.6.3-.9.6-.9 1.2m0 2.3v.1",
  fault: "M5 8h6",
};

/** As the server's reports have them; those that are not here are their own word. */
const WORDS: Readonly<Record<string, string>> = {
  "": "not graded",
  todo: "to do",
  raised: "raised an exception",
  timeout: "took too long",
  invalid: "cannot be run",
  fault: "grader fault",
};

export function wordOf(status: string): string {
  return WORDS[status] ?? status;
}

/** A status as a sign, with a name for screen readers. */
export function Sign({ status, name }: { readonly status: string; readonly name?: string }) {
  const sign = SIGNS[status];
  const label = name ? { role: "img" as const, "aria-label": name } : { "aria-hidden": true };
  return (
    <svg class={`sign ${status || "unknown"}`} viewBox="0 0 16 16" {...label}>
      <circle cx="8" cy="8" r="6.5" />
      {sign && <path d={sign} />}
    </svg>
  );
}

/** Text in which `this` is code. */
export function Inline({ text }: { readonly text: string }) {
  return <>{text.split("`").map((part, index) => (index % 2 ? <code>{part}</code> : part))}</>;
}

export function Blocks({ blocks }: { readonly blocks: readonly Block[] }) {
  return (
    <>
      {blocks.map((block) => (block.is_code ? <Code text={block.text} /> : <p><Inline text={block.text} /></p>))}
    </>
  );
}

export interface CodeProps {
  readonly text: string;
  readonly label?: string;
  /** Python, which gets colours and a button that copies it; anything else stays as it is. */
  readonly isPython?: boolean;
}

/** Text as it is, in a box that scrolls. */
export function Code({ text, label, isPython }: CodeProps) {
  const box = useRef<HTMLPreElement>(null);
  useLayoutEffect(() => {
    const here = box.current;
    if (!here) return;
    here.textContent = text;
    let isOver = false;
    if (isPython) void import("./highlight.ts").then(({ paint }) => isOver || paint(here));
    return () => void (isOver = true);
  }, [text, isPython]);
  return (
    <div class="code">
      <pre ref={box} tabIndex={0} {...(label ? { role: "group", "aria-label": label } : {})} />
      {isPython && <CopyButton text={() => text} />}
    </div>
  );
}

export function CopyButton({ text }: { readonly text: () => string }) {
  const [said, say] = useState("Copy");
  const click = async () => {
    say((await copied(text())) ? "Copied" : "Not copied");
    setTimeout(() => say("Copy"), 1500);
  };
  return (
    <button type="button" class="copy" onClick={click}>
      {said}
    </button>
  );
}

export async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Without https and behind some proxies there is no clipboard.
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const isDone = document.execCommand("copy");
    box.remove();
    return isDone;
  }
}

/** A window over the page. It closes on Escape, and the focus goes back to where it was. */
export function Dialog(props: {
  readonly title: string;
  readonly isWide?: boolean;
  readonly onClose: () => void;
  readonly children: (close: () => void) => ComponentChildren;
}) {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    box.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={box} class={props.isWide ? "wide" : ""} aria-labelledby="dialog-title" onClose={props.onClose}>
      <h2 id="dialog-title">{props.title}</h2>
      {props.children(() => box.current?.close())}
    </dialog>
  );
}

export type Answer<Value> =
  | { readonly is: "waiting" }
  | { readonly is: "here"; readonly value: Value }
  | { readonly is: "refused"; readonly error: string; readonly status: number };

/** The answer to a request, which is sent again whenever one of the keys changes, and given up when nothing shows it. */
export function useAnswer<Value>(ask: (signal: AbortSignal) => Promise<Value>, keys: readonly unknown[]) {
  const [answer, set] = useState<Answer<Value>>({ is: "waiting" });
  const latest = useRef(0);
  const send = async (again: () => Promise<Value>) => {
    const number = ++latest.current;
    const got = await again().then(
      (value): Answer<Value> => ({ is: "here", value }),
      (error: Error): Answer<Value> => ({
        is: "refused",
        error: error.message,
        status: error instanceof Refusal ? error.status : 0,
      }),
    );
    if (number === latest.current) set(got);
  };
  useEffect(() => {
    const own = new AbortController();
    set({ is: "waiting" });
    void send(() => ask(own.signal));
    return () => {
      latest.current++;
      own.abort();
    };
  }, [...keys]);
  return [answer, send] as const;
}

export function Waiting({ answer }: { readonly answer: Answer<unknown> }) {
  if (answer.is === "here") return null;
  return <p class="quiet">{answer.is === "waiting" ? "One moment ..." : answer.error}</p>;
}
