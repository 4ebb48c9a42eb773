// One system of axes of an interactive figure, as SVG; a landscape lies below it as pixels.
import { useRef } from "preact/hooks";
import type { Arrow, Curve, Dots, Handle, Heights, Note, Panel } from "./api.ts";
import { path, scales, short, ticks } from "./scales.ts";
import type { Frame, Scale } from "./scales.ts";
import { viridis } from "./viridis.ts";

type Drawn = Panel["marks"][number];
export type Move = (values: Readonly<Record<string, number>>) => void;

const WIDTH = 270;
const HEIGHT = 240;

interface Both {
  readonly x: Scale;
  readonly y: Scale;
}

export function PanelView(props: {
  readonly panel: Panel;
  /** What the student's functions drew in its place, or null. */
  readonly yours: Panel | null;
  readonly move: Move;
  readonly clip: string;
}) {
  const { panel, yours, move, clip } = props;
  const hasAxes = panel.x[0] !== panel.x[1];
  const box = hasAxes ? panel : { ...panel, x: [0, 1] as const, y: [0, 1] as const };
  const frame: Frame = hasAxes
    ? { left: 50, top: 20, width: WIDTH - 58, height: HEIGHT - 56 }
    : { left: 4, top: 20, width: WIDTH - 8, height: HEIGHT - 24 };
  const both = scales(box, frame);
  // A landscape, the data and the optimum are the same for both: only lines are drawn twice.
  const own = (yours?.marks ?? []).filter((mark) => mark.kind === "curve");
  const isDouble = own.length > 0;
  return (
    <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="group" aria-label={panel.title || panel.y_label}>
      <clipPath id={clip}>
        <rect x={frame.left} y={frame.top} width={frame.width} height={frame.height} />
      </clipPath>
      <text class="title" x={frame.left} y={13}>
        {panel.title}
      </text>
      {hasAxes && <Axes panel={panel} frame={frame} both={both} />}
      <g clip-path={`url(#${clip})`}>
        {panel.marks.map((mark) => (
          <MarkView mark={mark} both={both} isPale={isDouble && mark.kind === "curve"} />
        ))}
        {own.map((mark) => (
          <MarkView mark={mark} both={both} isPale={false} />
        ))}
      </g>
      {panel.marks.map((mark) => mark.kind === "handle" && <Grip handle={mark} both={both} frame={frame} move={move} />)}
    </svg>
  );
}

function Axes({ panel, frame, both }: { readonly panel: Panel; readonly frame: Frame; readonly both: Both }) {
  const bottom = frame.top + frame.height;
  return (
    <g class="axes">
      {ticks(panel.x, panel.x_log).map((value) => (
        <g>
          <path d={`M${both.x.at(value)} ${frame.top}V${bottom}`} />
          <text x={both.x.at(value)} y={bottom + 14} text-anchor="middle">
            {short(value)}
          </text>
        </g>
      ))}
      {ticks(panel.y, panel.y_log).map((value) => (
        <g>
          <path d={`M${frame.left} ${both.y.at(value)}H${frame.left + frame.width}`} />
          <text x={frame.left - 5} y={both.y.at(value) + 4} text-anchor="end">
            {short(value)}
          </text>
        </g>
      ))}
      <text class="label" x={frame.left + frame.width / 2} y={bottom + 32} text-anchor="middle">
        {panel.x_label}
      </text>
      <text
        class="label"
        transform={`translate(10 ${frame.top + frame.height / 2}) rotate(-90)`}
        text-anchor="middle"
      >
        {panel.y_label}
      </text>
    </g>
  );
}

function MarkView({ mark, both, isPale }: { readonly mark: Drawn; readonly both: Both; readonly isPale: boolean }) {
  switch (mark.kind) {
    case "curve":
      return <CurveView mark={mark} both={both} isPale={isPale} />;
    case "dots":
      return <DotsView mark={mark} both={both} />;
    case "heights":
      return <Landscape mark={mark} both={both} />;
    case "note":
      return <NoteView mark={mark} both={both} />;
    case "arrow":
      return <ArrowView mark={mark} both={both} />;
    case "handle":
      return null;
  }
}

function CurveView({ mark, both, isPale }: { readonly mark: Curve; readonly both: Both; readonly isPale: boolean }) {
  const name = `curve ${mark.role}${isPale ? " pale" : ""}${mark.dashed ? " dashed" : ""}`;
  return (
    <g class={name}>
      <path d={path(mark.points, both.x, both.y)} />
      {mark.dots && mark.points.map((point) => <Spot point={point} both={both} radius={2.6} />)}
    </g>
  );
}

type Place = readonly [number | null, number | null];

function Spot(props: { readonly point: Place; readonly both: Both; readonly radius: number }) {
  const [x, y] = props.point;
  const [left, top] = [x === null ? NaN : props.both.x.at(x), y === null ? NaN : props.both.y.at(y)];
  // What lies far outside of the frame is not drawn.
  return Math.abs(left) < 1e4 && Math.abs(top) < 1e4 ? <circle cx={left} cy={top} r={props.radius} /> : null;
}

function DotsView({ mark, both }: { readonly mark: Dots; readonly both: Both }) {
  return (
    <g class={`dots ${mark.role}`}>
      {mark.points.map((point) => {
        if (mark.role !== "optimum") return <Spot point={point} both={both} radius={2.8} />;
        const [x, y] = point;
        return x === null || y === null ? null : (
          <path d={`M${both.x.at(x) - 6} ${both.y.at(y) - 6}l12 12m0 -12l-12 12`} />
        );
      })}
    </g>
  );
}

function Landscape({ mark, both }: { readonly mark: Heights; readonly both: Both }) {
  const [left, right] = [both.x.at(mark.x[0]), both.x.at(mark.x[1])];
  const [bottom, top] = [both.y.at(mark.y[0]), both.y.at(mark.y[1])];
  return (
    <image
      href={pixels(mark)}
      x={Math.min(left, right)}
      y={Math.min(top, bottom)}
      width={Math.abs(right - left)}
      height={Math.abs(bottom - top)}
      preserveAspectRatio="none"
    />
  );
}

/** The heights as a picture of one pixel each, the last row at the top. */
function pixels({ rows }: Heights): string {
  const canvas = document.createElement("canvas");
  canvas.height = rows.length;
  canvas.width = rows[0]?.length ?? 0;
  const context = canvas.getContext("2d");
  if (!context || !canvas.width) return "";
  const all = rows.flat().filter((value): value is number => value !== null);
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  const image = context.createImageData(canvas.width, canvas.height);
  [...rows].reverse().forEach((row, line) =>
    row.forEach((value, column) => {
      if (value === null) return;
      image.data.set([...viridis(high > low ? (value - low) / (high - low) : 0), 255], 4 * (line * canvas.width + column));
    }),
  );
  context.putImageData(image, 0, 0);
  return canvas.toDataURL();
}

function NoteView({ mark, both }: { readonly mark: Note; readonly both: Both }) {
  const [left, top] = [both.x.at(mark.x), both.y.at(mark.y)];
  const half = 3.6 * mark.text.length + 8;
  return (
    <g class={`note ${mark.role}`}>
      {mark.boxed && <rect x={left - half} y={top - 12} width={2 * half} height={24} rx={5} />}
      <text x={left} y={top + 4} text-anchor="middle">
        {mark.text}
      </text>
    </g>
  );
}

function ArrowView({ mark, both }: { readonly mark: Arrow; readonly both: Both }) {
  const [x1, y1] = [both.x.at(mark.start[0]), both.y.at(mark.start[1])];
  const [x2, y2] = [both.x.at(mark.end[0]), both.y.at(mark.end[1])];
  const angle = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  if (!Number.isFinite(x1 + x2 + y1 + y2)) return null;
  return (
    <g class={`arrow ${mark.role}`}>
      <path d={`M${x1} ${y1}L${x2} ${y2}`} />
      <path class="head" d="M0 0l-8 -4v8z" transform={`translate(${x2} ${y2}) rotate(${angle})`} />
    </g>
  );
}

/** A handle: dragged by a pointer, or moved by the arrow keys. */
function Grip(props: { readonly handle: Handle; readonly both: Both; readonly frame: Frame; readonly move: Move }) {
  const { handle, both, frame, move } = props;
  const grip = useRef<SVGGElement>(null);
  // One that stands outside of the frame can be caught at its edge.
  const left = Math.min(Math.max(both.x.at(handle.x), frame.left), frame.left + frame.width);
  const top = Math.min(Math.max(both.y.at(handle.y), frame.top), frame.top + frame.height);
  const set = (x: number, y: number) => {
    const values: Record<string, number> = {};
    for (const each of handle.sets) values[each.control] = each.offset + each.scale * (each.along === "x" ? x : y);
    move(values);
  };
  const drag = (event: PointerEvent) => {
    const svg = grip.current?.ownerSVGElement;
    if (!svg || !grip.current?.hasPointerCapture(event.pointerId)) return;
    const area = svg.getBoundingClientRect();
    const x = ((event.clientX - area.left) / area.width) * WIDTH;
    const y = ((event.clientY - area.top) / area.height) * HEIGHT;
    set(both.x.value(x), both.y.value(y));
  };
  const key = (event: KeyboardEvent) => {
    const far = event.shiftKey ? 20 : 4;
    const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
    if (!right && !down) return;
    event.preventDefault();
    set(both.x.value(left + far * (right ?? 0)), both.y.value(top + far * (down ?? 0)));
  };
  return (
    <g
      ref={grip}
      class="grip"
      tabIndex={0}
      role="application"
      aria-roledescription="handle"
      aria-label={`${handle.name}. The arrow keys move it.`}
      onPointerDown={(event) => grip.current?.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={key}
    >
      <circle class="reach" cx={left} cy={top} r={16} />
      <circle cx={left} cy={top} r={7} />
    </g>
  );
}
