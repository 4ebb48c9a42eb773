// The page: which of its two faces is shown, and how it begins.
import { render } from "preact";
import { useEffect } from "preact/hooks";
import { CoursePage } from "./course_page.tsx";
import type { Places } from "./course_page.tsx";
import { enter } from "./entry.ts";
import { ExercisePane } from "./exercise_pane.tsx";
import { GlossaryPage } from "./glossary.tsx";
import { Header } from "./header.tsx";
import { LessonPage } from "./lesson_page.tsx";
import { parseEntry, parseRoute, routeTo } from "./routes.ts";
import { GLOSSARY, progressOf, rowOf } from "./state.ts";
import { store, useStore } from "./store.ts";
import { startTheme } from "./theme.ts";
import { resume, show, startStream, stopStream } from "./work.ts";

const places: Places = {
  course: "#/",
  lesson: (row) => routeTo(row.id || row.name),
  exercise: (row, exercise) => routeTo(row.id, exercise),
};

function App() {
  const route = useStore((state) => state.route);
  const link = useStore((state) => state.link);
  const course = useStore((state) => state.course);
  const row = route.lesson ? rowOf(course, route.lesson) : undefined;
  const view = useStore((state) => (row ? state.lessons[row.name] : undefined));
  const round = useStore((state) => (row ? state.rounds[row.name] : undefined));
  const glossary = useStore((state) => state.glossary);
  const notice = useStore((state) => state.notice);
  const graded = row?.exercises.map((each) => ({
    bonus: each.bonus,
    status: round?.exercises.find((now) => now.name === each.name)?.status || each.status,
  }));
  const title = course?.title ?? "";
  useEffect(() => {
    const page = row ? `${row.id} ${row.title}` : route.lesson === GLOSSARY ? "Glossary" : title;
    if (page) document.title = page;
  }, [row?.id, route.lesson, title]);
  return (
    <>
      <a class="skip" href="#main" onClick={skip}>
        Skip to the text
      </a>
      <Header title={title} home={places.course} lesson={row} progress={graded && progressOf(graded)} link={link} />
      {view && row ? (
        <LessonPage
          view={view}
          places={places}
          heading={route.heading}
          exercise={route.exercise}
          addressOf={(id) => `${routeTo(row.id)}?at=${encodeURIComponent(id)}`}
        >
          <ExercisePane view={view} key={view.name} />
        </LessonPage>
      ) : route.lesson === GLOSSARY && glossary ? (
        <GlossaryPage html={glossary} heading={route.heading} />
      ) : course && !route.lesson ? (
        <CoursePage course={course} places={places} />
      ) : (
        <main class="empty" id="main">
          {course && !row && route.lesson !== GLOSSARY ? (
            <>
              <h1>The course has no lesson {route.lesson}.</h1>
              <a href={places.course}>All lessons</a>
            </>
          ) : (
            <p class="quiet">{notice}</p>
          )}
        </main>
      )}
    </>
  );
}

/** A link to the text would change the route. */
function skip(event: Event): void {
  event.preventDefault();
  const main = document.getElementById("main");
  main?.setAttribute("tabindex", "-1");
  main?.focus();
}

function follow(): void {
  if (parseEntry(location.hash)) return;
  const before = store.get().route;
  const route = parseRoute(location.hash);
  store.send({ type: "routed", route });
  if (!route.lesson) scrollTo(0, 0);
  if (route.lesson !== before.lesson || !store.get().course) void show();
}

async function start(root: HTMLElement): Promise<void> {
  const begin = () => {
    store.send({ type: "linked", link: "ok" });
    store.send({ type: "routed", route: parseRoute(location.hash) });
    void show();
    startStream();
  };
  const isIn = await enter(begin);
  render(<App />, root);
  addEventListener("hashchange", follow);
  addEventListener("pagehide", stopStream);
  addEventListener("pageshow", (event) => event.persisted && begin());
  addEventListener("focus", resume);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && resume());
  if (isIn) begin();
  else store.send({ type: "linked", link: "locked" });
}

startTheme();
const root = document.getElementById("app");
if (root) void start(root);
