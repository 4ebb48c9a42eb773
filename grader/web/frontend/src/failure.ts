// What a failure says, in the order in which the page says it.
import type { Block, Failure } from "./api.ts";

export interface Told {
  /** What fails, in a sentence or two. */
  readonly headline: string;
  /** The claim of the check, where the headline says what happened instead. */
  readonly claim: string;
  readonly before: readonly Block[];
}

/** Where the code returned nothing, what happened takes the place of the claim. */
export function told(failure: Failure, status: string): Told {
  const blocks = blocksOf(failure.message);
  const [first, ...rest] = blocks;
  if (status === "wrong" || !first || first.is_code) return { headline: failure.claim, claim: "", before: blocks };
  // A file that cannot be run says nothing about a check.
  return { headline: first.text, claim: status === "invalid" ? "" : failure.claim, before: rest };
}

/** A text as paragraphs and code, which is what is indented. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  let isOpen = false;
  for (const line of text.split("\n")) {
    const is_code = /^(?: {2}|\t)/.test(line);
    const last = blocks.at(-1);
    if (!line.trim()) {
      isOpen = false;
    } else if (isOpen && last?.is_code === is_code) {
      blocks[blocks.length - 1] = { text: `${last.text}\n${is_code ? line.slice(2) : line}`, is_code };
    } else {
      blocks.push({ text: is_code ? line.slice(2) : line, is_code });
      isOpen = true;
    }
  }
  return blocks;
}
