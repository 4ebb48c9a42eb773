// A line between two areas that can be moved, with the pointer or with the arrow keys.
import { useState } from "preact/hooks";
import { read, write } from "./storage.ts";

export interface DividerProps {
  readonly name: string;
  readonly label: string;
  /** Whether the line is upright, between left and right. */
  readonly isUpright: boolean;
  /** The share in percent of the area after the line. */
  readonly usual: number;
}

const LEAST = 20;
const MOST = 75;

/** The share is the custom property `--NAME` of the page. */
export function Divider({ name, label, isUpright, usual }: DividerProps) {
  const [share, set] = useState(() => apply(name, Number(read(`grade-${name}`)) || usual));
  const move = (to: number) => {
    const applied = apply(name, to);
    set(applied);
    write(`grade-${name}`, String(applied));
  };
  const onPointerDown = (event: PointerEvent) => {
    const line = event.currentTarget as HTMLElement;
    const area = line.closest(isUpright ? ".workbook" : ".work")?.getBoundingClientRect();
    if (!area || event.button !== 0) return;
    event.preventDefault();
    line.setPointerCapture(event.pointerId);
    line.onpointermove = ({ clientX, clientY }) =>
      move(isUpright ? (100 * (area.right - clientX)) / area.width : (100 * (area.bottom - clientY)) / area.height);
    line.onlostpointercapture = () => (line.onpointermove = null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const [less, more] = isUpright ? ["ArrowRight", "ArrowLeft"] : ["ArrowDown", "ArrowUp"];
    const to = { [less as string]: share - 2, [more as string]: share + 2, Home: LEAST, End: MOST, Enter: usual }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    move(to);
  };
  return (
    <div
      class={isUpright ? "divider upright" : "divider"}
      role="separator"
      tabIndex={0}
      aria-label={label}
      aria-orientation={isUpright ? "vertical" : "horizontal"}
      aria-valuenow={Math.round(share)}
      aria-valuemin={LEAST}
      aria-valuemax={MOST}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
      onDblClick={() => move(usual)}
    />
  );
}

function apply(name: string, share: number): number {
  const within = Math.min(MOST, Math.max(LEAST, share));
  document.documentElement.style.setProperty(`--${name}`, `${within}%`);
  return within;
}
