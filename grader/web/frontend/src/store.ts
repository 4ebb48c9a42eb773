// The one store of the page, and how a component reads a part of it.
import { useEffect, useReducer, useRef } from "preact/hooks";
import { START, next } from "./state.ts";
import type { Event, State } from "./state.ts";

let state = START;
const readers = new Set<() => void>();

export const store = {
  get: (): State => state,
  send(event: Event): void {
    const before = state;
    state = next(state, event);
    if (state !== before) for (const read of [...readers]) read();
  },
  subscribe(reader: () => void): () => void {
    readers.add(reader);
    return () => readers.delete(reader);
  },
};

/** The part of the state that `select` picks; the component is drawn again when it is another value. */
export function useStore<Part>(select: (state: State) => Part): Part {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const part = select(state);
  const last = useRef({ select, part });
  last.current = { select, part };
  useEffect(() => {
    const look = () => {
      if (!Object.is(last.current.select(state), last.current.part)) redraw(undefined);
    };
    look();
    return store.subscribe(look);
  }, []);
  return part;
}
