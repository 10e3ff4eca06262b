/** How {@linkcode format} writes a duration. */
export interface FormatOptions {
  /** `1m 39s`, `1 minutes, 39 seconds`, or `00:00:01:39:000:000:000`. @default "narrow" */
  style?: "narrow" | "full" | "digital";
  /** Leaves out parts that are zero (`digital`: those at the end only). @default false */
  ignoreZero?: boolean;
}

interface Unit {
  narrow: string;
  full: string;
  ns: number;
  /** How many of this unit make one of the unit above. */
  wrap: number;
  digits: number;
}

const UNITS: Unit[] = [
  { narrow: "d", full: "days", ns: 86_400e9, wrap: Infinity, digits: 2 },
  { narrow: "h", full: "hours", ns: 3600e9, wrap: 24, digits: 2 },
  { narrow: "m", full: "minutes", ns: 60e9, wrap: 60, digits: 2 },
  { narrow: "s", full: "seconds", ns: 1e9, wrap: 60, digits: 2 },
  { narrow: "ms", full: "milliseconds", ns: 1e6, wrap: 1000, digits: 3 },
  { narrow: "µs", full: "microseconds", ns: 1e3, wrap: 1000, digits: 3 },
  { narrow: "ns", full: "nanoseconds", ns: 1, wrap: 1000, digits: 3 },
];

/**
 * A duration in milliseconds as text, sign ignored: `99674` is `1m 39s 674ms` with `ignoreZero`.
 *
 * @throws TypeError when the style is unknown
 */
export function format(milliseconds: number, options: FormatOptions = {}): string {
  const { style = "narrow", ignoreZero = false } = options;
  const total = Math.round(Math.abs(milliseconds) * 1e6);
  const parts = UNITS.map((unit) => ({ unit, value: Math.floor(total / unit.ns) % unit.wrap }));
  const shown = ignoreZero ? parts.filter(({ value }) => value !== 0) : parts;
  switch (style) {
    case "narrow":
      return shown.map(({ unit, value }) => `${value}${unit.narrow}`).join(" ");
    case "full":
      return shown.map(({ unit, value }) => `${value} ${unit.full}`).join(", ");
    case "digital": {
      const end = ignoreZero ? parts.findLastIndex(({ value }) => value !== 0) + 1 : parts.length;
      return parts.slice(0, end)
        .map(({ unit, value }) => String(value).padStart(unit.digits, "0"))
        .join(":");
    }
    default:
      throw new TypeError(`style must be "narrow", "full", or "digital", got ${style}`);
  }
}
