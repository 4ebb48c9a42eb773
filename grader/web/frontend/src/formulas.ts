// Formulas of the lesson; loaded when a page has some.
import katex from "katex";

/** Styles are set through the CSSOM: a string of HTML with style attributes would be refused by the page's policy. */
export function draw(element: HTMLElement): void {
  const tex = element.textContent ?? "";
  katex.render(tex, element, {
    displayMode: element.tagName === "DIV",
    output: "htmlAndMathml",
    throwOnError: false,
    trust: false,
    strict: false,
  });
  element.dataset.tex = tex;
}
