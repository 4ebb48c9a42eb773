// The explanation of a lesson. Its HTML is made by the server from the course's Markdown.
import { render } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { play } from "./animation.ts";
import { loadStyle } from "./formulas_style.ts";
import { CopyButton } from "./parts.tsx";

/** HTML that the course has written, with its formulas drawn and its code coloured. */
export function CourseHtml(props: { readonly html: string; readonly onReady?: (box: HTMLElement) => void }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.innerHTML = props.html;
    prepare(box.current);
    props.onReady?.(box.current);
  }, [props.html]);
  useEffect(() => (box.current ? embellish(box.current) : undefined), [props.html]);
  return <div class="prose" ref={box} />;
}

function prepare(box: HTMLElement): void {
  for (const link of box.querySelectorAll<HTMLAnchorElement>('a[href^="http"]')) {
    link.target = "_blank";
    link.rel = "noopener";
  }
  box.addEventListener("click", play);
  const title = box.querySelector("h1");
  const [, number, rest] = /^(\d+\.\d+) (.+)$/.exec(title?.textContent ?? "") ?? [];
  if (title && number && rest) {
    const span = document.createElement("span");
    span.className = "number";
    span.textContent = number;
    title.replaceChildren(span, ` ${rest}`);
  }
  for (const formula of box.querySelectorAll<HTMLElement>("div.math")) named(formula, "Formula");
  for (const pre of box.querySelectorAll<HTMLElement>("div.code > pre")) {
    const place = document.createElement("div");
    pre.after(place);
    render(<CopyButton text={() => pre.textContent ?? ""} />, place);
  }
}

function named(element: HTMLElement, label: string): void {
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", label);
}

/** Colour and draw: what is near the view first, the rest while nothing else happens. Returns how to stop. */
function embellish(box: HTMLElement): () => void {
  const left = new Set<HTMLElement>(box.querySelectorAll<HTMLElement>(".math, pre > code.language-python"));
  let isOver = false;
  const scrollers = [...box.querySelectorAll<HTMLElement>("pre, .scrolls, div.math")];
  // Only a box that scrolls takes a stop of the Tab key.
  const sizes = new ResizeObserver(() => {
    for (const each of scrollers) {
      if (each.scrollWidth > each.clientWidth + 1) each.tabIndex = 0;
      else each.removeAttribute("tabindex");
    }
  });
  sizes.observe(box);
  if (!left.size) return () => sizes.disconnect();

  const near = new IntersectionObserver(
    (entries) => entries.forEach((entry) => entry.isIntersecting && finish(entry.target as HTMLElement)),
    { rootMargin: "1000px" },
  );
  let finish = (_: HTMLElement) => {};
  const loaded = Promise.all([
    box.querySelector(".math") ? Promise.all([import("./formulas.ts"), loadStyle()]).then(([it]) => it) : null,
    box.querySelector("code.language-python") ? import("./highlight.ts") : null,
  ]);
  void loaded.then(([formulas, highlight]) => {
    if (isOver) return;
    finish = (element) => {
      if (!left.delete(element)) return;
      near.unobserve(element);
      if (element.matches(".math")) formulas?.draw(element);
      else highlight?.paint(element);
    };
    for (const element of left) near.observe(element);
    whenIdle(function slice(time) {
      for (const element of left) {
        if (isOver || time() < 2) break;
        finish(element);
      }
      if (left.size && !isOver) whenIdle(slice);
    });
    addEventListener("beforeprint", () => [...left].forEach((element) => finish(element)), { once: true });
  });
  return () => {
    isOver = true;
    near.disconnect();
    sizes.disconnect();
  };
}

function whenIdle(task: (timeLeft: () => number) => void): void {
  if ("requestIdleCallback" in window) {
    requestIdleCallback((idle) => task(() => idle.timeRemaining()), { timeout: 1000 });
    return;
  }
  setTimeout(() => {
    const end = performance.now() + 8;
    task(() => end - performance.now());
  }, 30);
}
