/** Steps of the value axis that people count in; the smallest that leaves at most so many of them is taken. */
const MAX_STEPS = 4;

/**
 * Round values from 0 to at least the largest one, in steps of 1, 2 or 5 times a power of ten, of which there are few.
 * @param steps the steps to choose from, ascending, where they are others
 */
export function ticksUpTo(largest: number, steps?: readonly number[]): number[] {
  const step = steps?.find((item) => item * MAX_STEPS >= largest) ?? roundStep(largest);
  const count = Math.max(1, Math.ceil(largest / step));
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

function roundStep(largest: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, largest) / MAX_STEPS));
  const step = [1, 2, 5, 10].find((item) => item * power * MAX_STEPS >= largest) ?? 10;
  return Math.max(1, step * power);
}

const SECONDS = [1, 5, 15, 30];
const MINUTES = [1, 5, 15, 30, 60, 180, 360, 720, 1_440, 2_880, 7_200, 14_400];
/** Steps of a time axis that people count in. */
const TIME_STEPS_MS = [...SECONDS, ...MINUTES.map((minutes) => minutes * 60)].map(
  (seconds) => seconds * 1_000,
);

/** Whole seconds, minutes, hours or days of UTC within a time span, at most `max` of them. Times are milliseconds since 1970. */
export function timeTicks(from: number, to: number, max: number): number[] {
  const step = TIME_STEPS_MS.find((item) => (to - from) / item <= max) ?? (to - from) / max;
  const first = Math.ceil(from / step) * step;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  );
}

/** The place that a line is drawn in, in the units of its SVG. */
interface Area {
  width: number;
  height: number;
  /** Room on each side, so that a stroke is not cut. */
  inset: number;
  /** The value at the upper edge. */
  top: number;
}

/** Positions of the values of a line: the first at the left, 0 at the lower edge. */
export function placesIn(
  { width, height, inset, top }: Area,
  count: number,
): { x: (index: number) => number; y: (value: number) => number } {
  return {
    x: (index) => inset + (index / Math.max(1, count - 1)) * (width - 2 * inset),
    y: (value) => height - inset - (value / top) * (height - 2 * inset),
  };
}

/** Neighbouring values as lines, and single values between gaps as points; both as SVG paths. */
export function linePaths(values: readonly (number | null)[], area: Area): { joined: string; alone: string } {
  const { x, y } = placesIn(area, values.length);
  const isKnown = (index: number) => (values[index] ?? null) !== null;
  let joined = '';
  let alone = '';
  values.forEach((value, index) => {
    if (value === null) return;
    const place = `${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
    if (isKnown(index - 1)) joined += `L${place}`;
    else if (isKnown(index + 1)) joined += `M${place}`;
    else alone += `M${place}h0.01`;
  });
  return { joined, alone };
}
