// An interactive figure: its controls, what they draw, and what it says in words.
import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { Choice, Figure, Moved, Panel, Slider } from "./api.ts";
import { client } from "./client.ts";
import { PanelView } from "./panel.tsx";
import { short, sliderScale } from "./scales.ts";
import { useStore } from "./store.ts";

type Values = Readonly<Record<string, number>>;

const AGAIN = 1_500;

export function Moving({ lesson, figure }: { readonly lesson: string; readonly figure: Figure }) {
  const start = Object.fromEntries(figure.controls.map(({ name, control }) => [name, control.start]));
  const [values, setValues] = useState<Values>(start);
  const [moved, trouble] = useMoved(lesson, figure, values);
  const id = useId();
  const set = (changed: Values) => setValues((before) => ({ ...before, ...within(figure, changed) }));
  const isOwn = Boolean(moved?.yours);
  return (
    <section class="moving" aria-label={figure.title}>
      <p class="name">
        <b>{figure.title}</b>
      </p>
      <p class="how">{figure.about}</p>
      <div class="plots" aria-busy={moved === null}>
        {moved?.expected.panels.map((panel, index) => (
          <div>
            <PanelView panel={panel} yours={moved.yours?.panels[index] ?? null} move={set} clip={`${id}-${index}`} />
            <Legend panel={panel} />
          </div>
        ))}
      </div>
      <p class="words" aria-live="polite">
        {moved ? moved.yours?.words || moved.expected.words : trouble || "Loading the figure ..."}
      </p>
      <p class="quiet">
        {isOwn
          ? `Your ${names(figure.exercises)} drew the lines; the solution's are pale below them.`
          : figure.exercises.length > 0 &&
            (moved?.trouble || `The solution drew this. Once ${names(figure.exercises)} ${figure.exercises.length > 1 ? "have" : "has"} passed, your code does.`)}
      </p>
      <div class="controls">
        {figure.controls.map(({ name, control }) =>
          control.kind === "slider" ? (
            <SliderRow control={control} value={values[name] ?? control.start} set={(value) => set({ [name]: value })} />
          ) : (
            <ChoiceRow control={control} value={values[name] ?? control.start} set={(value) => set({ [name]: value })} />
          ),
        )}
        <button type="button" onClick={() => setValues(start)}>
          Start again
        </button>
      </div>
    </section>
  );
}

/** The figure for the newest values: while one is computed, those in between are left out. */
function useMoved(lesson: string, figure: Figure, values: Values): readonly [Moved | null, string] {
  const [moved, setMoved] = useState<Moved | null>(null);
  const [trouble, setTrouble] = useState("");
  const newest = useRef(values);
  const isAsking = useRef(false);
  const shown = useRef(new AbortController());
  // The end of a round may hand the figure to the student's functions.
  const statuses = useStore((state) => {
    const round = state.rounds[lesson];
    const own = (round?.exercises ?? []).filter((each) => figure.exercises.includes(each.name));
    return round?.is_grading ? "" : own.map((each) => each.status).join(" ");
  });
  const ask = async () => {
    if (isAsking.current) return;
    isAsking.current = true;
    for (let asked: Values | null = null; asked !== newest.current && !shown.current.signal.aborted; ) {
      asked = newest.current;
      try {
        const answer = await client.move(lesson, figure.name, asked, shown.current.signal);
        if (answer) setMoved(answer);
        setTrouble(answer ? "" : "Another lesson is graded now, in another tab.");
        if (!answer) {
          asked = null;
          await new Promise((done) => setTimeout(done, AGAIN));
        }
      } catch (error) {
        if (shown.current.signal.aborted) return;
        setTrouble(error instanceof Error ? error.message : "");
        await new Promise((done) => setTimeout(done, AGAIN));
        if (asked === newest.current) break;
      }
    }
    isAsking.current = false;
  };
  useEffect(() => {
    newest.current = values;
    void ask();
  }, [values, statuses]);
  useEffect(() => () => shown.current.abort(), []);
  return [moved, trouble];
}

function within(figure: Figure, changed: Values): Values {
  return Object.fromEntries(
    Object.entries(changed).map(([name, value]) => {
      const control = figure.controls.find((each) => each.name === name)?.control;
      if (control?.kind !== "slider") return [name, value];
      const stepped = control.step ? control.low + Math.round((value - control.low) / control.step) * control.step : value;
      return [name, Math.min(Math.max(stepped, control.low), control.high)];
    }),
  );
}

function SliderRow(props: { readonly control: Slider; readonly value: number; readonly set: (value: number) => void }) {
  const { control, value, set } = props;
  const id = useId();
  const scale = sliderScale(control.low, control.high, control.log);
  const step = control.step ? (1000 * control.step) / (control.high - control.low) : 1;
  return (
    <div class="control">
      <label for={id}>{control.says}</label>
      <input
        id={id}
        type="range"
        min={0}
        max={1000}
        step={step}
        value={scale.at(value)}
        aria-valuetext={short(value)}
        onInput={(event) => set(scale.value(Number(event.currentTarget.value)))}
      />
      <output for={id}>{short(value)}</output>
    </div>
  );
}

function ChoiceRow(props: { readonly control: Choice; readonly value: number; readonly set: (value: number) => void }) {
  const { control, value, set } = props;
  const id = useId();
  return (
    <div class="control">
      <label for={id}>{control.says}</label>
      <select id={id} value={value} onChange={(event) => set(Number(event.currentTarget.value))}>
        {control.options.map((option, index) => (
          <option value={index}>{option}</option>
        ))}
      </select>
    </div>
  );
}

function Legend({ panel }: { readonly panel: Panel }) {
  const named = panel.marks.filter((mark) => (mark.kind === "curve" || mark.kind === "dots") && mark.name);
  return (
    <p class="legend">
      {named.map((mark) =>
        mark.kind === "curve" || mark.kind === "dots" ? (
          <span class={`key ${mark.kind} ${mark.role}${mark.kind === "curve" && mark.dashed ? " dashed" : ""}`}>
            <svg viewBox="0 0 20 10" aria-hidden="true">
              {mark.kind === "curve" ? (
                <path d="M0 5H20" />
              ) : mark.role === "optimum" ? (
                <path d="M6 1l8 8m0 -8l-8 8" />
              ) : (
                <circle cx="10" cy="5" r="3.2" />
              )}
            </svg>{" "}
            {mark.name}
          </span>
        ) : null,
      )}
    </p>
  );
}

function names(all: readonly string[]): string {
  const last = all.at(-1) ?? "";
  return all.length > 1 ? `${all.slice(0, -1).join(", ")} and ${last}` : last;
}
