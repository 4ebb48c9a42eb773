// Light, dark, or as the system says.
import { read, write } from "./storage.ts";

export type Choice = "auto" | "light" | "dark";

const KEY = "grade-theme";
const system = matchMedia("(prefers-color-scheme: dark)");
const readers = new Set<() => void>();

let choice: Choice = "auto";

export function chosenTheme(): Choice {
  return choice;
}

export function theme(): "light" | "dark" {
  if (choice !== "auto") return choice;
  return system.matches ? "dark" : "light";
}

export function chooseTheme(chosen: Choice): void {
  choice = chosen;
  write(KEY, chosen === "auto" ? "" : chosen);
  show();
}

export function onTheme(reader: () => void): () => void {
  readers.add(reader);
  return () => readers.delete(reader);
}

function show(): void {
  document.documentElement.dataset.theme = choice;
  for (const read of readers) read();
}

export function startTheme(): void {
  const kept = read(KEY);
  if (kept === "light" || kept === "dark") choice = kept;
  system.addEventListener("change", show);
  show();
}
