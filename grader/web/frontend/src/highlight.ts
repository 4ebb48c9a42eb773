// Colours for Python code in the lesson; loaded when a page has some.
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { parser } from "@lezer/python";

export function paint(element: Element): void {
  const code = element.textContent ?? "";
  const painted = document.createDocumentFragment();
  highlightCode(
    code,
    parser.parse(code),
    classHighlighter,
    (text, classes) => {
      if (!classes) return painted.append(text);
      const span = document.createElement("span");
      span.className = classes;
      span.textContent = text;
      return painted.append(span);
    },
    () => painted.append("\n"),
  );
  element.replaceChildren(painted);
}
