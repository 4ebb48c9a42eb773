// The right side of a lesson: its exercises, the file, and the verdict.
import { useEffect, useRef, useState } from "preact/hooks";
import type { ExerciseInfo, ExerciseState, LessonView, Mark, RoundState } from "./api.ts";
import { standingOf } from "./desk.ts";
import { Divider } from "./divider.tsx";
import type { Editor } from "./editor.ts";
import { EditorBox } from "./editor_box.tsx";
import { Hints, Predictions, Solution, Versions, Why } from "./help.tsx";
import { Dialog, Inline, Sign, wordOf } from "./parts.tsx";
import { routeTo } from "./routes.ts";
import { firstToDo, following, rowOf } from "./state.ts";
import type { State } from "./state.ts";
import { store, useStore } from "./store.ts";
import { Verdict, spoken } from "./verdict.tsx";
import { change, type } from "./work.ts";

const NO_MARKS: readonly Mark[] = [];

interface Standing {
  readonly name: string;
  readonly bonus: boolean;
  readonly status: string;
}

/** The exercises with how they stand: as the round says, else as the course says. */
function standingsOf(view: LessonView, round: RoundState | undefined, state: State): Standing[] {
  const row = rowOf(state.course, view.name);
  return view.exercises.map(({ name, bonus }) => {
    const graded = round?.exercises.find((each) => each.name === name)?.status;
    const failing = round?.failing_exercise === name ? "wrong" : "";
    return { name, bonus, status: graded || failing || row?.exercises.find((each) => each.name === name)?.status || "" };
  });
}

export function ExercisePane({ view }: { readonly view: LessonView }) {
  const round = useStore((state) => state.rounds[view.name]);
  const route = useStore((state) => state.route);
  const course = useStore((state) => state.course);
  const notice = useStore((state) => state.notice);
  const disk = useStore((state) => state.desks[view.name]?.disk.digest ?? "");
  const standings = standingsOf(view, round, { ...store.get(), course });
  const editor = useRef<Editor | null>(null);
  const first = useRef("");
  if (!first.current && (round || course)) first.current = firstToDo(standings);
  const chosen = view.exercises.some((each) => each.name === route.exercise) ? route.exercise : first.current;
  const info = view.exercises.find((each) => each.name === chosen) ?? view.exercises[0];
  const earlier = useEarlier(view.name, round);
  if (!info) return <p class="quiet">This lesson has no exercises.</p>;

  const now = round?.exercises.find((each) => each.name === info.name);
  const shown = now?.status ? now : (earlier[info.name] ?? now);
  const isBusy = Boolean(round?.is_grading || round?.loading);
  const isEarlier = Boolean(round) && (shown !== now || (round?.digest !== disk && disk !== ""));
  const standing = standings.find((each) => each.name === info.name);
  const goTo = (line: number) => editor.current?.goTo(line);
  return (
    <>
      <Tabs id={view.id} standings={standings} chosen={info.name} />
      <div class="work" role="tabpanel" id="exercise" aria-labelledby={`tab-${info.name}`}>
        <div class="about">
          <h2>
            <code>{info.name}</code>
            <Status status={standing?.status ?? ""} words={now?.words || ""} />
            <span class="quiet">{now?.standing}</span>
          </h2>
          <p>
            <Inline text={info.summary} />
          </p>
        </div>
        <EditorBox
          lesson={view.name}
          file={view.file}
          line={now?.line ?? 0}
          exercise={info.name}
          handle={editor}
          marks={isEarlier ? NO_MARKS : (now?.failure?.marks ?? NO_MARKS)}
        />
        <Divider name="results" label="Height of the verdict" isUpright={false} usual={45} />
        <div class="results">
          <Activity round={round} />
          <Spoken round={round} exercise={isEarlier ? undefined : now} />
          {round?.complaint && <p class="headline failed">{round.complaint}</p>}
          {notice && (
            <p class="notice" role="status">
              {notice}
            </p>
          )}
          <Onward view={view} standings={standings} chosen={info.name} round={round} />
          <Asked view={view} info={info} state={shown} round={round} isEarlier={isEarlier} isBusy={isBusy} goTo={goTo} />
        </div>
      </div>
    </>
  );
}

/** The last verdict on each exercise, for the time in which the next one is made. */
function useEarlier(lesson: string, round: RoundState | undefined): Readonly<Record<string, ExerciseState>> {
  const kept = useRef<{ lesson: string; states: Record<string, ExerciseState> }>({ lesson, states: {} });
  if (kept.current.lesson !== lesson) kept.current = { lesson, states: {} };
  for (const each of round?.exercises ?? []) if (each.status) kept.current.states[each.name] = each;
  return kept.current.states;
}

function Tabs(props: { readonly id: string; readonly standings: readonly Standing[]; readonly chosen: string }) {
  const { id, standings, chosen } = props;
  const box = useRef<HTMLDivElement>(null);
  const isLater = useRef(false);
  useEffect(() => {
    // The link that led here may be gone.
    const tab = box.current?.querySelector<HTMLElement>("[aria-selected=true]");
    if (isLater.current && document.activeElement === document.body) tab?.focus({ preventScroll: true });
    isLater.current = true;
  }, [chosen]);
  const go = (name: string) => {
    // Going back leads to the page before, not through the tabs.
    history.replaceState(null, "", routeTo(id, name));
    dispatchEvent(new HashChangeEvent("hashchange"));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = standings.findIndex((each) => each.name === chosen);
    const last = standings.length - 1;
    const to = { ArrowLeft: at ? at - 1 : last, ArrowRight: at < last ? at + 1 : 0, Home: 0, End: last }[event.key];
    const next = to === undefined ? undefined : standings[to];
    if (to === undefined || !next) return;
    event.preventDefault();
    go(next.name);
    box.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Exercises" ref={box} onKeyDown={onKeyDown}>
      {standings.map(({ name, bonus, status }) => (
        <button
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-controls="exercise"
          aria-selected={name === chosen}
          tabIndex={name === chosen ? 0 : -1}
          onClick={() => go(name)}
        >
          <Sign status={status} />
          <span>{name}</span>
          <small>
            {wordOf(status)}
            {bonus && ", bonus"}
          </small>
        </button>
      ))}
    </div>
  );
}

function Status({ status, words }: { readonly status: string; readonly words: string }) {
  return (
    <span class={`status ${status || "unknown"}`}>
      <Sign status={status} /> {words || wordOf(status)}
    </span>
  );
}

/** What the server does at the moment, with the seconds that it has taken so far. */
function Activity({ round }: { readonly round: RoundState | undefined }) {
  const [seconds, set] = useState(0);
  const loading = round?.loading ?? "";
  useEffect(() => {
    if (!loading) return;
    const began = Date.now();
    set(0);
    const timer = setInterval(() => set(Math.round((Date.now() - began) / 1000)), 500);
    return () => clearInterval(timer);
  }, [loading]);
  if (loading) {
    return (
      <p class="activity">
        Loading {loading === "torch" ? "PyTorch" : loading} ... {seconds} s
      </p>
    );
  }
  if (!round || round.is_grading) return <p class="activity">Grading ...</p>;
  return null;
}

/** The result of a round, announced once to screen readers. */
function Spoken(props: { readonly round: RoundState | undefined; readonly exercise: ExerciseState | undefined }) {
  const { round, exercise } = props;
  const [said, say] = useState("");
  const isOver = Boolean(round && !round.is_grading && !round.loading && exercise?.status);
  useEffect(() => {
    if (isOver && exercise) say(spoken(exercise));
    else say("");
  }, [isOver, exercise?.name, round?.digest]);
  return (
    <p class="hidden" aria-live="polite">
      {said}
    </p>
  );
}

function Onward(props: {
  readonly view: LessonView;
  readonly standings: readonly Standing[];
  readonly chosen: string;
  readonly round: RoundState | undefined;
}) {
  const { view, standings, chosen, round } = props;
  const course = useStore((state) => state.course);
  if (standings.find((each) => each.name === chosen)?.status !== "passed") return null;
  const next = following(standings, chosen);
  const lesson = rowOf(course, view.following);
  if (round?.is_complete || !next) {
    return (
      <p class="onward">
        <b>Lesson complete.</b>{" "}
        {lesson ? (
          <a class="button primary" href={routeTo(lesson.id)}>
            Go on to {lesson.id} {lesson.title}
          </a>
        ) : (
          "It is the last lesson."
        )}
      </p>
    );
  }
  return (
    <p class="onward">
      <b>Passed.</b>{" "}
      <a class="button primary" href={routeTo(view.id, next)}>
        Go on to {next}
      </a>
    </p>
  );
}

type Panel = "" | "hint" | "why" | "predict" | "versions" | "solution";

interface AskedProps {
  readonly view: LessonView;
  readonly info: ExerciseInfo;
  readonly state: ExerciseState | undefined;
  readonly round: RoundState | undefined;
  readonly isEarlier: boolean;
  readonly isBusy: boolean;
  readonly goTo: (line: number) => void;
}

/** The verdict, and what the student asks for beside it. */
function Asked({ view, info, state, round, isEarlier, isBusy, goTo }: AskedProps) {
  const [panel, open] = useState<Panel>("");
  const [picture, setPicture] = useState(false);
  const [resets, reset] = useState(false);
  const isUnsaved = useStore((all) => {
    const desk = all.desks[view.name];
    return desk !== undefined && standingOf(desk) !== "saved";
  });
  const opened = useRef<HTMLElement>(null);
  useEffect(() => setPicture(false), [info.name]);
  useEffect(() => {
    if (panel) opened.current?.scrollIntoView({ block: "nearest" });
  }, [panel]);
  const lesson = view.name;
  const toggle = (name: Exclude<Panel, "">, text: string) => (
    <button type="button" aria-expanded={panel === name} onClick={() => open(panel === name ? "" : name)}>
      {text}
    </button>
  );
  return (
    <>
      {state && round && (
        <Verdict
          lesson={lesson}
          id={view.id}
          round={round}
          exercise={state}
          isEarlier={isEarlier}
          goTo={goTo}
          hasPicture={picture || (state.failure !== null && !isBusy)}
        />
      )}
      <div class="asks" role="group" aria-label={`Help with ${info.name}`}>
        {info.hints > 0 && toggle("hint", "Hint")}
        {toggle("why", "Why")}
        {!state?.failure && (
          <button type="button" aria-expanded={picture} onClick={() => setPicture(!picture)}>
            Picture
          </button>
        )}
        {info.predictions.length + view.returned.length > 0 && toggle("predict", "Predict")}
        {toggle("versions", "Versions")}
        {toggle("solution", "Solution")}
        <button type="button" onClick={() => reset(true)}>
          Reset ...
        </button>
        <button type="button" onClick={() => void change(lesson, "undo")}>
          Undo a reset
        </button>
      </div>
      {panel && (
        <section class="panel" ref={opened} aria-label={panel} key={`${panel} ${info.name} ${panel === "versions" ? round?.digest : ""}`}>
          {panel === "hint" && <Hints lesson={lesson} exercise={info.name} />}
          {panel === "why" && <Why lesson={lesson} exercise={info.name} />}
          {panel === "predict" && (
            <Predictions
              lesson={lesson}
              predictions={info.predictions}
              returned={view.returned}
              hasPassed={state?.status === "passed"}
            />
          )}
          {panel === "versions" && <Versions lesson={lesson} putBack={(text) => type(lesson, text)} />}
          {panel === "solution" && <Solution lesson={lesson} info={info} state={state} />}
        </section>
      )}
      {resets && (
        <Dialog title="Go back to the starter code?" onClose={() => reset(false)}>
          {(close) => (
            <>
              <p>
                {isUnsaved && "What the editor holds is saved first. "}
                Your version is kept, and "Undo a reset" restores it.
              </p>
              <p class="buttons">
                <button
                  type="button"
                  class="primary"
                  onClick={() => (void change(lesson, { reset: info.name }), close())}
                >
                  Reset {info.name}
                </button>
                <button type="button" onClick={() => (void change(lesson, { reset: "" }), close())}>
                  Reset the whole file
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
