// Interactive figures in the text: each takes the place of its picture once it is near the view.
import { h, render } from "preact";
import type { Figure, LessonView } from "./api.ts";

/** Watch for the pictures that can be moved. Returns how to stop. */
export function placeFigures(box: HTMLElement, view: LessonView): () => void {
  const waiting = new Map<Element, { readonly figure: Figure; readonly picture: HTMLElement }>();
  const made: Element[] = [];
  let isOver = false;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const found = waiting.get(target);
        if (!isIntersecting || !found) continue;
        near.unobserve(target);
        import("./moving.tsx").then(
          ({ Moving }) => {
            if (isOver) return;
            made.push(target);
            render(h(Moving, { lesson: view.name, figure: found.figure }), target);
          },
          () => found.picture.classList.remove("still"),
        );
      }
    },
    { rootMargin: "600px" },
  );
  for (const figure of view.figures) {
    const isStill = (each: HTMLImageElement) => (each.dataset.animation ?? each.src).endsWith(`/${figure.still}`);
    const picture = [...box.querySelectorAll("img")].find(isStill)?.closest<HTMLElement>(".animation, img");
    if (!picture) continue;
    const place = document.createElement("div");
    place.className = "moving-place";
    (picture.closest("p") ?? picture).after(place);
    // The picture is for paper: on the screen it is not even loaded.
    picture.classList.add("still");
    waiting.set(place, { figure, picture });
    near.observe(place);
  }
  return () => {
    isOver = true;
    near.disconnect();
    for (const place of made) render(null, place);
  };
}
