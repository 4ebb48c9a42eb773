// What a failure says, without what the page shows in a form of its own.
import type { Block, Failure } from "./api.ts";

export interface Told {
  /** What fails, in a sentence or two. */
  readonly headline: string;
  /** The claim of the check, where the headline says something else. */
  readonly claim: string;
  readonly rest: readonly Block[];
}

const PRINTED = "Your code printed:";

/** `said` is the whole report of the terminal: the call, the two values and the output stand beside it on the page. */
export function told(failure: Failure): Told {
  const title = `Failed: ${failure.claim}`;
  const call = failure.counterexample.trim();
  const rest: Block[] = [];
  let isOutput = false;
  for (const block of failure.said) {
    const text = block.text.trim();
    if (block.is_code) {
      const isCall = (call !== "" && text.startsWith(call)) || text.startsWith("your code returned ");
      if (!isCall && !isOutput) rest.push(block);
      isOutput = false;
    } else if (text === PRINTED) {
      isOutput = failure.output.trim() !== "";
      if (!isOutput) rest.push(block);
    } else if (text !== title) {
      rest.push(block);
    }
  }
  if (failure.said.some((block) => block.text.trim() === title)) {
    return { headline: failure.claim, claim: "", rest };
  }
  const first = rest[0];
  if (!first || first.is_code) return { headline: failure.claim, claim: "", rest };
  return { headline: first.text, claim: failure.claim, rest: rest.slice(1) };
}
