// A lesson: the explanation on the left, the exercises on the right; on a narrow screen one of the two.
import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useLayoutEffect, useState } from "preact/hooks";
import type { LessonView } from "./api.ts";
import { Contents, headingsOf } from "./contents.tsx";
import type { Heading } from "./contents.tsx";
import type { Places } from "./course_page.tsx";
import { Divider } from "./divider.tsx";
import { placeFigures } from "./figures.ts";
import { Term, termOf } from "./glossary.tsx";
import { CourseHtml } from "./lesson_text.tsx";
import { placeQuizzes } from "./quiz.ts";
import { rowOf } from "./state.ts";
import { useStore } from "./store.ts";
import { read, write } from "./storage.ts";

export interface LessonPageProps {
  readonly view: LessonView;
  readonly places: Places;
  /** The heading and the exercise that the address names; empty for none. */
  readonly heading: string;
  readonly exercise: string;
  readonly addressOf: (heading: string) => string;
  /** The exercises. */
  readonly children: ComponentChildren;
}

type Side = "lesson" | "exercise";

export function LessonPage({ view, places, heading, exercise, addressOf, children }: LessonPageProps) {
  const [headings, setHeadings] = useState<readonly Heading[]>([]);
  const [side, turnTo] = useState<Side>("lesson");
  const [term, openTerm] = useState<HTMLAnchorElement | null>(null);
  const [box, setBox] = useState<HTMLElement | null>(null);
  const onReady = useCallback((ready: HTMLElement) => (setHeadings(headingsOf(ready)), setBox(ready)), []);
  useLayoutEffect(() => (box ? placeFigures(box, view) : undefined), [box, view.html]);
  useEffect(() => (box ? placeQuizzes(box, view) : undefined), [box, view.html]);
  useEffect(() => {
    turnTo(exercise ? "exercise" : "lesson");
  }, [view.name, exercise]);
  useLayoutEffect(() => {
    if (!heading) scrollTo(0, Number(read(`grade-scroll:${view.name}`, sessionStorage)));
  }, [view.name]);
  useLayoutEffect(() => {
    if (!heading) return;
    turnTo("lesson");
    requestAnimationFrame(() => document.getElementById(heading)?.scrollIntoView());
  }, [view.name, heading]);
  useEffect(() => {
    const keep = () => write(`grade-scroll:${view.name}`, String(Math.round(scrollY)), sessionStorage);
    addEventListener("scrollend", keep);
    return () => removeEventListener("scrollend", keep);
  }, [view.name]);
  // Beside the exercises it is a part of the main landmark; alone, it is the landmark.
  const Text = children ? "div" : "main";
  const text = (
    <Text
      class="lesson"
      id={children ? "lesson" : "main"}
      onClick={(event) => {
        const link = termOf(event);
        if (!link) return;
        event.preventDefault();
        openTerm(link);
      }}
    >
      <Contents headings={headings} address={addressOf} />
      <article>
        {!/<h1[ >]/.test(view.html) && (
          <h1>
            <span class="number">{view.id}</span> {view.title}
          </h1>
        )}
        <CourseHtml html={view.html} onReady={onReady} />
      </article>
      <Neighbours view={view} places={places} />
      {term && <Term link={term} key={term.href} onClose={() => openTerm(null)} />}
    </Text>
  );
  return (
    <main class={`workbook on-${side}`} id="main">
      <nav class="sides-bar" aria-label="View">
        {(["lesson", "exercise"] as const).map((each) => (
          <button type="button" aria-pressed={side === each} onClick={() => turnTo(each)}>
            {each === "lesson" ? "Lesson" : "Exercises"}
          </button>
        ))}
      </nav>
      {text}
      <section class="pane" aria-label="Exercises">
        <Divider name="pane" label="Width of the exercises" isUpright usual={47} />
        <h1 class="hidden">
          {view.id} {view.title}
        </h1>
        <div class="pane-inside">{children}</div>
      </section>
    </main>
  );
}

function Neighbours({ view, places }: { readonly view: LessonView; readonly places: Places }) {
  const course = useStore((state) => state.course);
  const link = (name: string, relation: string) => {
    if (!name) return <span />;
    const row = rowOf(course, name);
    return (
      <a href={places.lesson(row ?? { id: name, name })} rel={relation}>
        <small>{relation === "prev" ? "Previous" : "Next"}</small>
        {row ? `${row.id} ${row.title}` : name}
      </a>
    );
  };
  return (
    <nav class="neighbours" aria-label="Other lessons">
      {link(view.previous, "prev")}
      {link(view.following, "next")}
    </nav>
  );
}
