// The glossary: a page of its own, and the entry of a term beside the text that links to it.
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Contents, headingsOf } from "./contents.tsx";
import type { Heading } from "./contents.tsx";
import { CourseHtml } from "./lesson_text.tsx";
import { useStore } from "./store.ts";
import { readGlossary } from "./work.ts";

const ROUTE = "#/glossary?at=";

export function GlossaryPage({ html, heading }: { readonly html: string; readonly heading: string }) {
  const [headings, setHeadings] = useState<readonly Heading[]>([]);
  useLayoutEffect(() => {
    if (heading) requestAnimationFrame(() => document.getElementById(heading)?.scrollIntoView());
    else scrollTo(0, 0);
  }, [heading]);
  return (
    <div class="reading">
      <main class="lesson" id="main">
        <Contents headings={headings} address={(id) => ROUTE + encodeURIComponent(id)} />
        <article>
          <CourseHtml html={html} onReady={(box) => setHeadings(headingsOf(box))} />
        </article>
      </main>
    </div>
  );
}

/** Returns the link to a term that a plain click has hit. */
export function termOf(event: MouseEvent): HTMLAnchorElement | null {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  return (event.target as Element).closest<HTMLAnchorElement>(`a[href^="${ROUTE}"]`);
}

/** The entry of a term, in a small window at its link. */
export function Term({ link, onClose }: { readonly link: HTMLAnchorElement; readonly onClose: () => void }) {
  const glossary = useStore((state) => state.glossary);
  const box = useRef<HTMLDivElement>(null);
  const address = link.getAttribute("href") ?? "";
  const entry = glossary && entryOf(glossary, decodeURIComponent(address.slice(ROUTE.length)));
  useEffect(() => {
    void readGlossary();
  }, []);
  useLayoutEffect(() => {
    const here = box.current;
    if (!here || !entry) return;
    here.showPopover();
    const { left, top, bottom } = link.getBoundingClientRect();
    const { width, height } = here.getBoundingClientRect();
    const isBelow = bottom + 8 + height < innerHeight || top < height + 8;
    here.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    here.style.top = `${isBelow ? bottom + 8 : top - height - 8}px`;
    here.focus();
  }, [entry, link]);
  return (
    <div
      ref={box}
      class="term"
      popover="auto"
      role="dialog"
      aria-label={link.textContent ?? ""}
      tabIndex={-1}
      onToggle={(event) => {
        if (event.newState !== "closed") return;
        if (document.activeElement === document.body || box.current?.contains(document.activeElement)) link.focus();
        onClose();
      }}
    >
      {entry && <CourseHtml html={entry} />}
      <p>
        <a href={address}>In the glossary</a>
      </p>
    </div>
  );
}

/** The heading of a term and what stands below it. */
function entryOf(html: string, slug: string): string {
  const page = new DOMParser().parseFromString(html, "text/html");
  const heading = page.getElementById(slug);
  let entry = heading ? `<p><strong>${heading.innerHTML}</strong></p>` : "";
  for (let next = heading?.nextElementSibling; next && !/^H[12]$/.test(next.tagName); next = next.nextElementSibling) {
    entry += next.outerHTML;
  }
  return entry || "<p>The glossary has no such entry.</p>";
}
