// The headings of a lesson, with the one in view marked.
import { useEffect, useRef, useState } from "preact/hooks";

export interface Heading {
  readonly id: string;
  readonly text: string;
  readonly level: number;
}

export function headingsOf(box: HTMLElement): Heading[] {
  return [...box.querySelectorAll<HTMLElement>("h2[id], h3[id]")].map((heading) => ({
    id: heading.id,
    text: heading.textContent ?? "",
    level: Number(heading.tagName[1]),
  }));
}

export function Contents(props: { readonly headings: readonly Heading[]; readonly address: (id: string) => string }) {
  const { headings, address } = props;
  const box = useRef<HTMLDetailsElement>(null);
  const [current, set] = useState("");
  useEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const above = headings.filter(({ id }) => (document.getElementById(id)?.getBoundingClientRect().top ?? 1e9) < 140);
      set(above.at(-1)?.id ?? "");
    };
    const ask = () => {
      frame ||= requestAnimationFrame(look);
    };
    addEventListener("scroll", ask, { passive: true });
    look();
    return () => {
      removeEventListener("scroll", ask);
      cancelAnimationFrame(frame);
    };
  }, [headings]);
  if (!headings.length) return null;
  const here = headings.find((heading) => heading.id === current);
  const close = () => {
    if (box.current) box.current.open = false;
  };
  return (
    <details class="contents" ref={box} onKeyDown={(event) => event.key === "Escape" && close()}>
      <summary>
        Contents <span class="quiet">{here?.text}</span>
      </summary>
      <nav aria-label="Contents of the lesson">
        <ol>
          {headings.map((heading) => (
            <li class={`level-${heading.level}`}>
              <a
                href={address(heading.id)}
                aria-current={heading.id === current ? "location" : undefined}
                onClick={close}
              >
                {heading.text}
              </a>
            </li>
          ))}
        </ol>
      </nav>
    </details>
  );
}
