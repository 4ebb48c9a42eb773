// The student's file in the page: the editor, and whether what it holds is saved.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Mark } from "./api.ts";
import type { Comparison } from "./compare.ts";
import { standingOf } from "./desk.ts";
import type { Editor } from "./editor.ts";
import { Dialog } from "./parts.tsx";
import { store, useStore } from "./store.ts";
import { keepMine, save, takeDisk, type } from "./work.ts";

export interface EditorBoxProps {
  readonly lesson: string;
  /** The file, as people see it. */
  readonly file: string;
  readonly line: number;
  readonly exercise: string;
  readonly marks: readonly Mark[];
  /** Where the editor is found once it is there. */
  readonly handle: { current: Editor | null };
}

export function EditorBox({ lesson, file, line, exercise, marks, handle }: EditorBoxProps) {
  const desk = useStore((state) => state.desks[lesson]);
  const place = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [trouble, setTrouble] = useState("");
  const isHere = desk !== undefined;
  const wanted = useRef(line);
  wanted.current = line;

  useEffect(() => {
    if (!isHere) return;
    let made: Editor | null = null;
    let isOver = false;
    import("./editor.ts").then(
      ({ createEditor }) => {
        if (isOver || !place.current) return;
        made = createEditor(place.current, mineOf(lesson), `Editor of ${file}`, {
          typed: (text) => type(lesson, text),
          save: () => void save(lesson),
        });
        handle.current = made;
        setEditor(made);
      },
      () => setTrouble("The editor could not be loaded. Load the page again."),
    );
    return () => {
      isOver = true;
      made?.close();
      handle.current = null;
      setEditor(null);
    };
  }, [lesson, isHere]);

  const standing = desk ? standingOf(desk) : "saved";
  useLayoutEffect(() => {
    if (editor && desk) editor.show(desk.mine, standing === "saved");
  }, [editor, desk?.mine]);
  useEffect(() => editor?.readOnly(Boolean(desk?.disk.complaint)), [editor, desk?.disk.complaint]);
  useEffect(() => editor?.mark(marks), [editor, marks]);
  useEffect(() => editor?.showLine(wanted.current), [editor, exercise, line > 0]);

  return (
    <div class="editor">
      <p class="quiet" hidden={editor !== null && !desk?.disk.complaint}>
        {desk?.disk.complaint || trouble || "Loading the editor ..."}
      </p>
      <div class="code-area" ref={place} />
      <SaveBar lesson={lesson} file={file} />
    </div>
  );
}

function SaveBar({ lesson, file }: { readonly lesson: string; readonly file: string }) {
  const standing = useStore((state) => {
    const desk = state.desks[lesson];
    return desk ? standingOf(desk) : "saved";
  });
  const isSending = useStore((state) => state.desks[lesson]?.sent != null);
  const restored = useStore((state) => state.desks[lesson]?.restored ?? 0);
  const complaint = useStore((state) => state.desks[lesson]?.disk.complaint ?? "");
  const [asks, ask] = useState<"compare" | "take" | "">("");
  return (
    <>
      {standing === "conflict" && (
        <div class="banner" role="alert">
          <p>
            <b>{file} has changed on disk</b>, and the editor holds changes that are not saved.
          </p>
          <p class="buttons">
            <button type="button" class="primary" onClick={() => ask("compare")}>
              Compare
            </button>
            <button type="button" onClick={() => void keepMine(lesson, mineOf(lesson))}>
              Keep mine
            </button>
            <button type="button" onClick={() => ask("take")}>
              Take the one on disk
            </button>
          </p>
        </div>
      )}
      {standing === "unsaved" && restored > 0 && (
        <div class="banner">
          <p>What you wrote {when(restored)} and did not save is back in the editor.</p>
          <p class="buttons">
            <button type="button" onClick={() => ask("take")}>
              Take the one on disk
            </button>
          </p>
        </div>
      )}
      <div class={`save-bar ${standing}`}>
        <button
          type="button"
          class={standing === "saved" ? "" : "primary"}
          disabled={standing === "conflict" || isSending || Boolean(complaint)}
          onClick={() => void save(lesson)}
        >
          {standing === "saved" ? "Grade again" : "Save"}
        </button>
        <span class="state">
          {isSending ? "Saving ..." : standing === "saved" ? "Saved" : "Not saved"}
        </span>
        <span class="quiet" id="editor-keys">
          {keys} saves and grades. Esc, then Tab leaves the editor.
        </span>
      </div>
      {asks === "compare" && <Compare lesson={lesson} onClose={() => ask("")} />}
      {asks === "take" && (
        <Dialog title="Take the file on disk?" onClose={() => ask("")}>
          {(close) => (
            <>
              <p>What the editor holds and you have not saved is lost.</p>
              <p class="buttons">
                <button type="button" class="primary" onClick={() => (takeDisk(lesson), close())}>
                  Take the one on disk
                </button>
                <button type="button" onClick={close}>
                  Cancel
                </button>
              </p>
            </>
          )}
        </Dialog>
      )}
    </>
  );
}

const keys = /Mac|iPhone|iPad/.test(navigator.platform) ? "Cmd-S" : "Ctrl-S";

function mineOf(lesson: string): string {
  return store.get().desks[lesson]?.mine ?? "";
}

function when(at: number): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const time = date.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  return isToday ? `at ${time}` : `on ${date.toLocaleDateString()} at ${time}`;
}

/** Both versions; what is saved is the right side, as it stands then. */
function Compare({ lesson, onClose }: { readonly lesson: string; readonly onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<Comparison | null>(null);
  const [isReady, ready] = useState(false);
  const onDisk = useStore((state) => state.desks[lesson]?.disk.content ?? "");
  useEffect(() => {
    let isOver = false;
    void import("./compare.ts").then(({ compare }) => {
      if (isOver || !place.current) return;
      view.current = compare(place.current, onDisk, view.current?.text() ?? mineOf(lesson));
      ready(true);
    });
    return () => {
      isOver = true;
      view.current?.close();
    };
  }, [onDisk]);
  return (
    <Dialog title="The file on disk, and yours" isWide onClose={onClose}>
      {(close) => (
        <>
          <p class="sides" aria-hidden="true">
            <span>On disk</span>
            <span>Yours: change it as you like</span>
          </p>
          <div class="comparison" ref={place} />
          <p class="buttons">
            <button
              type="button"
              class="primary"
              disabled={!isReady}
              onClick={() => view.current && (void keepMine(lesson, view.current.text()), close())}
            >
              Save the right side
            </button>
            <button type="button" onClick={close}>
              Cancel
            </button>
          </p>
        </>
      )}
    </Dialog>
  );
}
