// How an exercise stands: what fails, where, with which values, and in words.
import type { ExerciseState, Failure, RoundState } from "./api.ts";
import { Appeal } from "./appeal.tsx";
import { blocksOf, told } from "./failure.ts";
import { Blocks, Code, Inline, Sign } from "./parts.tsx";
import { Picture } from "./picture.tsx";
import { Steps } from "./steps.tsx";

export interface VerdictProps {
  readonly lesson: string;
  /** The number of the lesson. */
  readonly id: string;
  readonly round: RoundState;
  readonly exercise: ExerciseState;
  /** Whether the verdict is about an earlier version of the file. */
  readonly isEarlier: boolean;
  readonly hasPicture: boolean;
  readonly goTo: GoTo;
}

type GoTo = (line: number) => void;

export function Verdict({ lesson, id, round, exercise, isEarlier, hasPicture, goTo }: VerdictProps) {
  const { failure } = exercise;
  const isTold = !["", "todo"].includes(exercise.status);
  return (
    <div class="verdict">
      {round.failing && round.failing_exercise === exercise.name && (
        <p class="headline failed">
          <b>Fails:</b> <Inline text={round.failing} />
        </p>
      )}
      {isEarlier && isTold && <p class="quiet">The verdict below is about the file before your last change.</p>}
      <div class={isEarlier ? "earlier" : ""} hidden={isEarlier && !isTold}>
        {exercise.fault && (
          <>
            <p class="headline">Not scored: a bug in the workbook, not in your code.</p>
            <Code text={exercise.fault} label="What went wrong in the workbook" />
          </>
        )}
        {failure && <Failed failure={failure} status={exercise.status} goTo={goTo} />}
        {hasPicture && (
          <Picture
            lesson={lesson}
            exercise={exercise.name}
            isAsked={!failure}
            key={`${exercise.name} ${round.digest}`}
            isBusy={isEarlier}
            said={failure?.explanation ?? ""}
          />
        )}
        {exercise.status === "todo" && !exercise.advice.length && <p>Write {exercise.name} in the editor, and save.</p>}
        {exercise.advice.length > 0 && (
          <div class="advice">
            <Blocks blocks={exercise.advice} />
          </div>
        )}
        {failure && !isEarlier && <Appeal lesson={lesson} id={id} exercise={exercise.name} key={`appeal ${exercise.name}`} />}
        {failure?.later && <p class="quiet">{failure.later}</p>}
        {exercise.checks.length > 0 && exercise.status !== "todo" && <Checks exercise={exercise} round={round} />}
      </div>
    </div>
  );
}

function Failed({ failure, status, goTo }: { readonly failure: Failure; readonly status: string; readonly goTo: GoTo }) {
  const { headline, claim, before } = told(failure, status);
  const lines = [...new Set(failure.marks.map((mark) => mark.line))];
  return (
    <>
      <p class="headline failed">
        <b>Fails:</b> <Inline text={headline} />
      </p>
      {claim && (
        <p class="quiet">
          Check: <Inline text={claim} />
        </p>
      )}
      <Blocks blocks={before} />
      {failure.counterexample && <Code text={failure.counterexample} label="The smallest failing call" isPython />}
      {(failure.returned || failure.expected) && (
        <dl class="values">
          <div>
            <dt>Your code returned</dt>
            <dd>
              <pre tabIndex={0}>{failure.returned}</pre>
            </dd>
          </div>
          <div>
            <dt>Expected</dt>
            <dd>
              <pre tabIndex={0}>{failure.expected}</pre>
            </dd>
          </div>
        </dl>
      )}
      <div class="explanation">
        <Blocks blocks={blocksOf(failure.explanation)} />
      </div>
      <Steps steps={failure.steps} />
      {lines.length > 0 && (
        <p class="buttons">
          {lines.map((line) => (
            <button type="button" onClick={() => goTo(line)}>
              Line {line}
            </button>
          ))}
        </p>
      )}
      {failure.output.trim() && (
        <div class="printed">
          <p>Your code printed:</p>
          <Code text={failure.output} label="What your code printed" />
        </div>
      )}
    </>
  );
}

function Checks({ exercise, round }: { readonly exercise: ExerciseState; readonly round: RoundState }) {
  return (
    <details class="checks">
      <summary>All checks</summary>
      <ul>
        {exercise.checks.map((check) => (
          <li>
            <Sign status={check.status} name={check.status || "not graded"} />
            <span><Inline text={check.claim} /></span>
            <span class="points">
              {check.points} of {check.max_points}
            </span>
          </li>
        ))}
      </ul>
      <p class="quiet">
        {round.seconds > 0 && `Graded in ${round.seconds.toFixed(1)} s. `}
        {round.isolation && `Isolation: ${round.isolation}.`}
      </p>
    </details>
  );
}

/** The result of a round in a sentence, for the live region. */
export function spoken(exercise: ExerciseState): string {
  const said = exercise.failure ? told(exercise.failure, exercise.status).headline : exercise.fault;
  return `${exercise.name}: ${exercise.words}. ${said}`.trim();
}
