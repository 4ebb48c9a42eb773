// The line above everything: where the student is, how far the lesson has come, and what is wrong with the connection.
import { useEffect, useState } from "preact/hooks";
import type { Link, Progress } from "./state.ts";
import { chooseTheme, chosenTheme, onTheme } from "./theme.ts";
import type { Choice } from "./theme.ts";

const TROUBLE: Readonly<Record<Link, string>> = {
  starting: "",
  ok: "",
  lost: "The server does not answer. What you write is kept in this browser.",
  refused: "The server was restarted. Open the address that it printed; what you write is kept in this browser.",
  locked: "Open the address that `grade web` printed.",
};

export interface HeaderProps {
  readonly title: string;
  readonly home: string;
  readonly lesson?: { readonly id: string; readonly title: string } | undefined;
  readonly progress?: Progress | undefined;
  readonly link?: Link;
}

export function Header({ title, home, lesson, progress, link = "ok" }: HeaderProps) {
  return (
    <>
      <header class="top">
        <a class="home" href={home}>
          <span class="long">{title}</span>
          {lesson && <span class="short">Course</span>}
        </a>
        {lesson && (
          <span class="here">
            <b>{lesson.id}</b> {lesson.title}
          </span>
        )}
        {progress && progress.total > 0 && <Bar of="this lesson" {...progress} />}
        <ThemeButton />
      </header>
      <p class="trouble" role="status" hidden={!TROUBLE[link]}>
        {TROUBLE[link]}
      </p>
    </>
  );
}

export function Bar({ passed, total, of }: Progress & { readonly of: string }) {
  return (
    <span class="bar" title={`${passed} of ${total} exercises of ${of} have passed`}>
      <progress max={total} value={passed} aria-label={`Exercises of ${of} that have passed`} />
      <span>
        {passed} of {total}
      </span>
    </span>
  );
}

const NEXT: Readonly<Record<Choice, Choice>> = { auto: "light", light: "dark", dark: "auto" };
const ICONS: Readonly<Record<Choice, string>> = {
  auto: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z",
  light: "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6Zm0-4v1.6m0 10.8V15M1 8h1.6m10.8 0H15M3 3l1.2 1.2m7.6 7.6L13 13m0-10-1.2 1.2M4.2 11.8 3 13",
  dark: "M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z",
};

function ThemeButton() {
  const [choice, set] = useState(chosenTheme());
  useEffect(() => onTheme(() => set(chosenTheme())), []);
  const name = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" }[choice];
  return (
    <button type="button" class="icon" aria-label={name} title={name} onClick={() => chooseTheme(NEXT[choice])}>
      <svg viewBox="0 0 16 16" aria-hidden="true">
        <path d={ICONS[choice]} />
        {choice === "auto" && <path class="half" d="M8 1.5a6.5 6.5 0 0 0 0 13Z" />}
      </svg>
    </button>
  );
}
