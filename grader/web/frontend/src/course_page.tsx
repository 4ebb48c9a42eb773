// The first page: the next step, and every lesson with how it stands.
import type { CourseView, LessonRow } from "./api.ts";
import { Sign, wordOf } from "./parts.tsx";
import { routeTo } from "./routes.ts";
import { GLOSSARY, progressOf, rowOf, rowsOf } from "./state.ts";
import { Bar } from "./header.tsx";

export interface Places {
  readonly course: string;
  lesson(row: { readonly id: string; readonly name: string }): string;
  /** Empty where exercises have no page of their own. */
  exercise(row: { readonly id: string; readonly name: string }, exercise: string): string;
}

export function CoursePage(props: { readonly course: CourseView; readonly places: Places }) {
  const { course, places } = props;
  const onward = rowOf(course, course.next_lesson);
  const all = progressOf(rowsOf(course).flatMap((row) => row.exercises));
  // Before the first attempt, a student reads the lesson.
  const hasBegun = course.next_exercise && onward?.exercises.some((each) => !["", "todo"].includes(each.status));
  return (
    <main class="course" id="main">
      <h1>{course.title}</h1>
      <section class="next" aria-label="Next step">
        <p>{course.next_step}</p>
        {onward && (
          <a class="button primary" href={hasBegun ? places.exercise(onward, course.next_exercise) : places.lesson(onward)}>
            {all.passed ? "Go on with" : "Begin with"} {onward.id} {onward.title}
          </a>
        )}
        <Bar {...all} of="the course" />
      </section>
      {course.modules.map((module) => (
        <section class="module">
          <h2>{module.title}</h2>
          <ol>
            {module.lessons.map((row) => (
              <Lesson row={row} places={places} isNext={row === onward} />
            ))}
          </ol>
        </section>
      ))}
      <p class="glossary">
        <a href={routeTo(GLOSSARY)}>Glossary</a>: the symbols and words of the course
      </p>
    </main>
  );
}

function Lesson(props: {
  readonly row: LessonRow;
  readonly places: Places;
  readonly isNext: boolean;
}) {
  const { row, places, isNext } = props;
  return (
    <li class={isNext ? "row first" : "row"}>
      <span class="number">{row.id}</span>
      <span class="title">
        <a href={places.lesson(row)}>{row.title}</a>
        {row.complaint && <span class="complaint">{row.complaint}</span>}
      </span>
      <span class="signs" role="group" aria-label={`Exercises of ${row.id}`}>
        {row.exercises.map((each) => {
          const name = `${each.name}${each.bonus ? " (bonus)" : ""}: ${wordOf(each.status)}`;
          return (
            <a href={places.exercise(row, each.name)} title={name} class={each.bonus ? "bonus" : ""}>
              <Sign status={each.status} name={name} />
            </a>
          );
        })}
      </span>
      <span class="minutes">{row.minutes > 0 && `${row.minutes} min`}</span>
    </li>
  );
}
