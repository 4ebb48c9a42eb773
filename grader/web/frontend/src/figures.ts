// Interactive figures in the text: each takes the place of its picture once it is near the view.
import { h, render } from "preact";
import type { LessonView } from "./api.ts";

/** Watch for the pictures that can be moved. Returns how to stop. */
export function placeFigures(box: HTMLElement, view: LessonView): () => void {
  const places = new Map<Element, { readonly place: HTMLElement; readonly name: string }>();
  const made: HTMLElement[] = [];
  let isOver = false;
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const found = places.get(target);
        if (!isIntersecting || !found) continue;
        near.unobserve(target);
        const figure = view.figures.find((each) => each.name === found.name);
        void import("./moving.tsx").then(({ Moving }) => {
          if (isOver || !figure) return;
          render(h(Moving, { lesson: view.name, figure }), found.place);
          made.push(found.place);
          // On paper, and for whoever has no script, the picture stands where it stood.
          target.classList.add("still");
        });
      }
    },
    { rootMargin: "600px" },
  );
  for (const figure of view.figures) {
    const picture = [...box.querySelectorAll("img")].find((each) => each.src.endsWith(`/${figure.still}`));
    if (!picture) continue;
    const place = document.createElement("div");
    (picture.closest("p") ?? picture).after(place);
    places.set(picture, { place, name: figure.name });
    near.observe(picture);
  }
  return () => {
    isOver = true;
    near.disconnect();
    for (const place of made) render(null, place);
  };
}
