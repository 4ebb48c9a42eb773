// From numbers of a panel to places on the screen, and back: pure functions.
import type { Panel } from "./api.ts";

export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Scale {
  /** Where a number stands; not finite where it cannot stand. */
  readonly at: (value: number) => number;
  /** Which number stands at a place. */
  readonly value: (at: number) => number;
}

export function scale(ends: readonly [number, number], from: number, to: number, isLog: boolean): Scale {
  const forth = isLog ? Math.log : (value: number) => value;
  const back = isLog ? Math.exp : (value: number) => value;
  const [low, high] = [forth(ends[0]), forth(ends[1])];
  return {
    at: (value) => from + ((forth(value) - low) / (high - low)) * (to - from),
    value: (at) => back(low + ((at - from) / (to - from)) * (high - low)),
  };
}

export function scales(panel: Panel, frame: Frame): { readonly x: Scale; readonly y: Scale } {
  return {
    x: scale(panel.x, frame.left, frame.left + frame.width, panel.x_log),
    y: scale(panel.y, frame.top + frame.height, frame.top, panel.y_log),
  };
}

/** Round numbers inside the ends of an axis, about as many as wanted. */
export function ticks(ends: readonly [number, number], isLog: boolean, wanted = 5): number[] {
  // Within a factor of 30 or so, powers of ten would be too few.
  if (isLog && ends[1] / ends[0] > 30) {
    const [low, high] = [Math.ceil(Math.log10(ends[0]) - 1e-9), Math.floor(Math.log10(ends[1]) + 1e-9)];
    const step = Math.max(1, Math.ceil((high - low) / wanted));
    return range(low, high, step).map((power) => 10 ** power);
  }
  const rough = (ends[1] - ends[0]) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((each) => each >= rough * 0.999) ?? rough;
  return range(Math.ceil(ends[0] / step - 1e-9), Math.floor(ends[1] / step + 1e-9), 1).map((index) => index * step);
}

function range(low: number, high: number, step: number): number[] {
  const found = [];
  for (let each = low; each <= high; each += step) found.push(each);
  return found;
}

/** A number for people: 0.0001, 12.5, 1e-8. */
export function short(value: number, digits = 3): string {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) return value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e");
  return String(Number(value.toPrecision(digits)));
}

type Place = readonly [number | null, number | null];

/** An SVG path through points; where there is no number, the line has a gap. */
export function path(points: readonly Place[], x: Scale, y: Scale): string {
  let isOpen = false;
  let found = "";
  for (const [across, up] of points) {
    const [left, top] = [across === null ? NaN : x.at(across), up === null ? NaN : y.at(up)];
    if (!Number.isFinite(left) || !Number.isFinite(top)) {
      isOpen = false;
      continue;
    }
    found += `${isOpen ? "L" : "M"}${clip(left)} ${clip(top)}`;
    isOpen = true;
  }
  return found;
}

/** Browsers draw huge coordinates badly, and the frame cuts them off anyway. */
function clip(place: number): number {
  return Math.round(Math.max(-1e5, Math.min(1e5, place)) * 10) / 10;
}

/** The position of a slider, from 0 to 1000, for a value, and back. */
export function sliderScale(low: number, high: number, isLog: boolean): Scale {
  return scale([low, high], 0, 1000, isLog);
}
