// The questions of a quiz in the text, answered by a click: the letter is written into the student's file.
import type { LessonView } from "./api.ts";
import { store } from "./store.ts";
import { answer } from "./work.ts";

const OPTION = /^\s*([a-d])\)\s/;

/** Make the options of the questions radio buttons that show what the file says. Returns how to stop. */
export function placeQuizzes(box: HTMLElement, view: LessonView): () => void {
  const inputs: HTMLInputElement[] = [];
  for (const exercise of view.exercises) {
    for (const question of exercise.questions) inputs.push(...optionsOf(box, view.name, exercise.name, question));
  }
  if (!inputs.length) return () => undefined;
  const show = () => {
    const desk = store.get().desks[view.name];
    const letters = desk?.disk.letters ?? [];
    for (const input of inputs) {
      const [exercise, question] = input.name.split(" ");
      input.checked = letters.some(
        (each) => each.exercise === exercise && each.question === question && each.letter === input.value,
      );
    }
  };
  show();
  return store.subscribe(show);
}

function optionsOf(box: HTMLElement, lesson: string, exercise: string, question: string): HTMLInputElement[] {
  const title = `Question ${question.slice(1)}.`;
  const start = [...box.querySelectorAll("p > strong:first-child")].find((each) => each.textContent === title);
  let list = start?.parentElement?.nextElementSibling;
  while (list && list.tagName !== "UL") list = /^H\d$/.test(list.tagName) ? null : list.nextElementSibling;
  if (!list || !start) return [];
  list.classList.add("quiz");
  list.setAttribute("role", "radiogroup");
  list.setAttribute("aria-label", title.slice(0, -1));
  return [...list.children].flatMap((item) => {
    const letter = OPTION.exec(item.textContent ?? "")?.[1];
    if (!letter) return [];
    const label = document.createElement("label");
    const text = document.createElement("span");
    text.append(...item.childNodes);
    const input = document.createElement("input");
    input.type = "radio";
    input.name = `${exercise} ${question}`;
    input.value = letter;
    input.addEventListener("change", () => void answer(lesson, exercise, question, letter));
    label.append(input, text);
    item.setAttribute("role", "none");
    item.append(label);
    return [input];
  });
}
