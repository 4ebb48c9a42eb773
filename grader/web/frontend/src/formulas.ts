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

/** Resolves when formulas can be drawn without being drawn twice. */
export function loadStyle(): Promise<void> {
  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL("maths.css", import.meta.url).href;
  if (document.querySelector(`link[href="${style.href}"]`)) return Promise.resolve();
  return new Promise((done) => {
    style.onload = style.onerror = () => done();
    document.head.append(style);
  });
}
