// The colours of landscapes, from low to high: nine of matplotlib's viridis, and those between.
const COLOURS = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
] as const;

/** The colour of a share from 0 to 1, as red, green and blue. */
export function viridis(share: number): readonly [number, number, number] {
  const at = Math.max(0, Math.min(1, share)) * (COLOURS.length - 1);
  const index = Math.min(Math.floor(at), COLOURS.length - 2);
  const [low, high] = [COLOURS[index] ?? COLOURS[0], COLOURS[index + 1] ?? COLOURS[0]];
  const part = at - index;
  const mix = (from: number, to: number) => Math.round(from + (to - from) * part);
  return [mix(low[0], high[0]), mix(low[1], high[1]), mix(low[2], high[2])];
}
