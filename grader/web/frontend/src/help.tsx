// What a student can ask for beside the verdict: hints, reasons, predictions, versions, the solution.
import { useState } from "preact/hooks";
import type { ExerciseInfo, ExerciseState, Prediction, PredictionAnswer, ReturnedPrediction, VersionRow } from "./api.ts";
import { client } from "./client.ts";
import { CourseHtml } from "./lesson_text.tsx";
import { Code, Dialog, Inline, Waiting, useAnswer } from "./parts.tsx";
import { Drawing } from "./picture.tsx";
import { routeTo } from "./routes.ts";
import { attempt } from "./work.ts";

export interface Place {
  readonly lesson: string;
  readonly exercise: string;
}

export function Hints({ lesson, exercise }: Place) {
  const [answer, send] = useAnswer(() => client.hints(lesson, exercise), [lesson, exercise]);
  if (answer.is !== "here") return <Waiting answer={answer} />;
  // What is wrong at present stands in the verdict above.
  const { shown, total } = answer.value;
  return (
    <>
      {shown.length > 0 && (
        <ol class="hints">
          {shown.map((html) => (
            <li>
              <CourseHtml html={html} />
            </li>
          ))}
        </ol>
      )}
      {shown.length < total ? (
        <p class="buttons">
          <button type="button" onClick={() => void send(() => client.nextHint(lesson, exercise))}>
            {shown.length ? "Next hint" : "First hint"}
          </button>
          <span class="quiet">
            {shown.length} of {total} shown. Hints cost nothing.
          </span>
        </p>
      ) : (
        <p class="quiet">{total ? "These are all the hints." : "This exercise has no hints."}</p>
      )}
    </>
  );
}

export function Why({ lesson, exercise }: Place) {
  const [answer] = useAnswer(() => client.why(lesson, exercise), [lesson, exercise]);
  if (answer.is !== "here") return <Waiting answer={answer} />;
  const { reasons, fairness, later } = answer.value;
  return (
    <>
      <ul class="reasons">
        {reasons.map((reason) => (
          <li>
            <p>
              <b><Inline text={reason.claim} /></b> <span class="points">{reason.points === 1 ? "1 point" : `${reason.points} points`}</span>
            </p>
            {reason.reason && <p><Inline text={reason.reason} /></p>}
            {reason.precision && <p class="quiet">{reason.precision}</p>}
          </li>
        ))}
      </ul>
      {later && <p>{later}</p>}
      {fairness && <p class="quiet">{fairness}</p>}
    </>
  );
}

export interface PredictionsProps {
  readonly lesson: string;
  readonly predictions: readonly Prediction[];
  /** Those of earlier lessons that come back. */
  readonly returned: readonly ReturnedPrediction[];
  readonly hasPassed: boolean;
}

export function Predictions({ lesson, predictions, returned, hasPassed }: PredictionsProps) {
  return (
    <>
      {returned.map((each) => (
        <section class="returned" key={`${each.lesson} ${each.prediction.label}`}>
          <p class="quiet">
            Once more, from <a href={routeTo(each.id, each.exercise)}>{each.id} {each.exercise}</a>: what do you think
            now?
          </p>
          <Question lesson={each.lesson} during={lesson} prediction={each.prediction} isReturned />
        </section>
      ))}
      {predictions.map((each) => (
        <Question lesson={lesson} during={lesson} prediction={each} key={each.label} hasPassed={hasPassed} />
      ))}
    </>
  );
}

const SURENESS = ["a guess", "fairly sure", "certain"];

interface QuestionProps {
  readonly lesson: string;
  /** The lesson whose page is open. */
  readonly during: string;
  readonly prediction: Prediction;
  /** Whether it belongs to an earlier lesson, which is not graded now: then nothing is drawn. */
  readonly isReturned?: boolean;
  readonly hasPassed?: boolean;
}

function Question({ lesson, during, prediction, isReturned, hasPassed }: QuestionProps) {
  const [option, choose] = useState(-1);
  const [sure, setSure] = useState("");
  const [answer, set] = useState<PredictionAnswer | null>(null);
  const [replays, replay] = useState(false);
  const before = prediction.options[prediction.chosen];
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt(async () => set(await client.predict(lesson, prediction.label, { option, sure, during })));
  };
  return (
    <form class="question" onSubmit={submit}>
      <fieldset>
        <legend><Inline text={prediction.question} /></legend>
        {prediction.options.map((text, index) => (
          <label>
            <input type="radio" name={prediction.label} checked={option === index} onChange={() => choose(index)} />
            <span><Inline text={text} /></span>
          </label>
        ))}
      </fieldset>
      <fieldset class="sure">
        <legend>How sure are you? (if you like)</legend>
        {SURENESS.map((name) => (
          <label>
            <input
              type="radio"
              name={`sure ${prediction.label}`}
              checked={sure === name}
              onChange={() => setSure(name)}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <p class="buttons">
        <button type="submit" disabled={option < 0}>
          {answer || prediction.is_answered ? "Answer again" : "Answer"}
        </button>
        {hasPassed && prediction.is_answered && !answer && !replays && (
          <button type="button" onClick={() => replay(true)}>
            Show it with my code
          </button>
        )}
        {prediction.is_answered && !answer && !isReturned && (
          <span class="quiet">
            You have answered this before{before && <>: <Inline text={before} /></>}
            {prediction.sure && ` (${prediction.sure})`}
          </span>
        )}
      </p>
      <div role="status">
        {answer && (
          <div class={answer.is_right ? "reply right" : "reply"}>
            <p>
              <b>{answer.is_right ? "Right." : "Not what happens."}</b> <Inline text={answer.sentence} />
            </p>
            {isReturned && before && <p>The last time you thought: <Inline text={before} /></p>}
            {answer.because && <p><Inline text={answer.because} /></p>}
          </div>
        )}
        {(answer || replays) && !isReturned && <Outcome lesson={lesson} label={prediction.label} />}
      </div>
    </form>
  );
}

/** What really happens, drawn; it may take some seconds. */
function Outcome({ lesson, label }: { readonly lesson: string; readonly label: string }) {
  const [answer] = useAnswer(() => client.predicted(lesson, label), [lesson, label]);
  if (answer.is === "here") return answer.value && <Drawing picture={answer.value} />;
  return <p class="quiet">{answer.is === "waiting" ? "Drawing what happens ..." : answer.error}</p>;
}

export function Versions({ lesson, putBack }: { readonly lesson: string; readonly putBack: (text: string) => void }) {
  const [answer] = useAnswer(() => client.versions(lesson), [lesson]);
  const [viewed, view] = useState<VersionRow | null>(null);
  if (answer.is !== "here") return <Waiting answer={answer} />;
  if (!answer.value.length) return <p class="quiet">No earlier version is kept yet.</p>;
  return (
    <>
      <ul class="versions">
        {answer.value.map((row) => (
          <li>
            <span>{timeOf(row)}</span> <span>{row.reason}</span>
            <button type="button" onClick={() => view(row)} aria-label={`View the version of ${timeOf(row)}`}>
              View
            </button>
          </li>
        ))}
      </ul>
      {viewed && (
        <Dialog title={`The version of ${timeOf(viewed)}`} isWide onClose={() => view(null)}>
          {(close) => <Version lesson={lesson} row={viewed} putBack={putBack} close={close} />}
        </Dialog>
      )}
    </>
  );
}

function Version(props: {
  readonly lesson: string;
  readonly row: VersionRow;
  readonly putBack: (text: string) => void;
  readonly close: () => void;
}) {
  const { lesson, row, putBack, close } = props;
  const [answer] = useAnswer(() => client.version(lesson, row.id), [row.id]);
  return (
    <>
      <p>{row.reason}</p>
      {answer.is === "here" ? <Code text={answer.value.content} label="This version" isPython /> : <Waiting answer={answer} />}
      <p class="buttons">
        <button
          type="button"
          class="primary"
          disabled={answer.is !== "here"}
          onClick={() => answer.is === "here" && (putBack(answer.value.content), close())}
        >
          Put it back
        </button>
        <button type="button" onClick={close}>
          Close
        </button>
        <span class="quiet">It goes into the editor, and is not saved until you save it.</span>
      </p>
    </>
  );
}

function timeOf(row: VersionRow): string {
  return new Date(row.at * 1000).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
}

export function Solution(props: { readonly lesson: string; readonly info: ExerciseInfo; readonly state: ExerciseState | undefined }) {
  const { lesson, info, state } = props;
  const hasPassed = state?.status === "passed";
  const [anyway, show] = useState(false);
  if (hasPassed || anyway) return <Shown lesson={lesson} exercise={info.name} anyway={!hasPassed} />;
  return (
    <>
      <p>{info.name} has not passed yet. What you find out by yourself stays with you; a hint may be enough.</p>
      <p class="buttons">
        <button type="button" onClick={() => show(true)}>
          Show the solution all the same
        </button>
      </p>
    </>
  );
}

function Shown({ lesson, exercise, anyway }: Place & { readonly anyway: boolean }) {
  const [answer] = useAnswer(() => client.solution(lesson, exercise, anyway), [lesson, exercise]);
  if (answer.is !== "here") return <Waiting answer={answer} />;
  const { mine, solution, words, another, another_words, explained } = answer.value;
  return (
    <>
      {words && <p>{words}</p>}
      <div class="beside">
        {mine && (
          <div>
            <h3>Yours</h3>
            <Code text={mine} label="Your code" isPython />
          </div>
        )}
        <div>
          <h3>The solution</h3>
          <Code text={solution} label="The solution" isPython />
        </div>
      </div>
      {another && (
        <>
          <h3>In another style</h3>
          {another_words && <p>{another_words}</p>}
          <Code text={another} label="A right answer in another style" isPython />
        </>
      )}
      {explained && <CourseHtml html={explained} />}
    </>
  );
}
