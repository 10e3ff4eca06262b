/**
 * Quantities as text: three significant digits, units always.
 *
 * @module
 */
import type { MeasuredCell } from "../../../workloads/runner/document.ts";

export type Unit = MeasuredCell["unit"];

interface Step {
  factor: number;
  label: string;
}

const NANOSECONDS: readonly Step[] = [
  { factor: 1e9, label: "s" },
  { factor: 1e6, label: "ms" },
  { factor: 1e3, label: "µs" },
  { factor: 1, label: "ns" },
];

function decimal(unit: string): readonly Step[] {
  return [
    { factor: 1e9, label: unit ? `G${unit}` : "G" },
    { factor: 1e6, label: unit ? `M${unit}` : "M" },
    { factor: 1e3, label: unit ? `k${unit}` : "k" },
    { factor: 1, label: unit },
  ];
}

const STEPS: Record<Unit, readonly Step[]> = {
  ns: NANOSECONDS,
  "bytes/s": decimal("B/s"),
  "messages/s": decimal("msg/s").map((step) => ({
    factor: step.factor,
    label: step.label.replace("msg/s", " msg/s").trim(),
  })),
  "ops/s": decimal("op/s").map((step) => ({
    factor: step.factor,
    label: step.label.replace("op/s", " op/s").trim(),
  })),
  bytes: [
    { factor: 2 ** 30, label: "GiB" },
    { factor: 2 ** 20, label: "MiB" },
    { factor: 2 ** 10, label: "KiB" },
    { factor: 1, label: "B" },
  ],
  messages: [{ factor: 1, label: "messages" }],
};

/** Three significant digits, without an exponent; integers above 999 with thin spaces. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 999.5) return group(Math.round(value).toString());
  if (size < 0.000_95) return value.toExponential(1).replace("e-", " × 10⁻").replace(/\d+$/, raise);
  const decimals = Math.max(0, 2 - Math.floor(Math.log10(size) + 1e-9));
  const text = value.toFixed(decimals);
  // 9.995 rounds to four digits: take one off again.
  return text.replace(/[-.]/g, "").replace(/^0+/, "").length > 3 && decimals > 0
    ? value.toFixed(decimals - 1)
    : text;
}

function group(integer: string): string {
  return integer.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

function raise(exponent: string): string {
  return [...exponent].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
}

function stepFor(value: number, unit: Unit): Step {
  const steps = STEPS[unit];
  const size = Math.abs(value);
  return steps.find((step) => size >= step.factor * 0.9995) ?? steps.at(-1)!;
}

/** A quantity with its unit: `4.12 µs`, `5.21 GB/s`. */
export function quantity(value: number, unit: Unit): string {
  const step = stepFor(value, unit);
  return `${digits(value / step.factor)}\u00a0${step.label}`;
}

/** A scale for a column or an axis, so that its figures can be read against each other. */
export interface Scale {
  factor: number;
  label: string;
}

/** The scale in which the smallest of `values` still shows three digits or the median fits best. */
export function commonScale(values: readonly number[], unit: Unit): Scale {
  const sizes = values.map(Math.abs).filter((value) => value > 0 && Number.isFinite(value))
    .sort((a, b) => a - b);
  const middle = sizes[Math.floor(sizes.length / 2)] ?? 0;
  return stepFor(middle, unit);
}

/**
 * Figures of one column: as many decimals as show three digits of the least figure, fewer where that
 * gives the middle one more than four; at most three decimals.
 */
export function columnFormat(values: readonly number[], scale: Scale): (value: number) => string {
  const sizes = values.map((value) => Math.abs(value / scale.factor)).filter((value) => value > 0)
    .sort((a, b) => a - b);
  const needed = (value: number | undefined, digits: number) =>
    value === undefined ? 0 : digits - 1 - Math.floor(Math.log10(value) + 1e-9);
  const middle = sizes[sizes.length >> 1];
  const wanted = Math.min(needed(sizes[0], 3), Math.max(needed(middle, 4), needed(sizes[0], 2)));
  const decimals = Math.min(3, Math.max(0, wanted));
  return (value) => {
    const [whole, fraction] = (value / scale.factor).toFixed(decimals).split(".");
    return group(whole!) + (fraction === undefined ? "" : `.${fraction}`);
  };
}

/** A message size: `64 B`, `4 KiB`, `1 MiB`; exact, never rounded. */
export function bytes(size: number): string {
  for (const step of STEPS.bytes) {
    if (step.factor > 1 && size >= step.factor && size % step.factor === 0) {
      return `${size / step.factor}\u00a0${step.label}`;
    }
  }
  return `${group(String(size))}\u00a0B`;
}

/** A ratio: `1.04 ×`, `12.5 ×`. */
export function times(ratio: number): string {
  const decimals = ratio >= 99.95 ? 0 : ratio >= 9.995 ? 1 : 2;
  return `${decimals ? ratio.toFixed(decimals) : group(Math.round(ratio).toString())}\u00a0×`;
}

/** A share in percent: `1.2 %`. */
export function percent(share: number): string {
  const value = share * 100;
  return `${value >= 9.95 ? Math.round(value) : value.toFixed(1)}\u00a0%`;
}

/** A span of time for people: `48 s`, `2 min 5 s`. */
export function span(seconds: number): string {
  if (seconds < 60) return `${digits(seconds)}\u00a0s`;
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = whole % 60;
  const parts = hours ? [`${hours}\u00a0h`, `${minutes}\u00a0min`] : [`${minutes}\u00a0min`];
  if (!hours && rest) parts.push(`${rest}\u00a0s`);
  return parts.join(" ");
}

/** A moment, in UTC to the minute: `22 November 2026, 23:31 UTC`. */
export function moment(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const months = "January February March April May June July August September October November " +
    "December";
  const month = months.split(" ")[date.getUTCMonth()];
  const time = date.toISOString().slice(11, 16);
  return `${date.getUTCDate()}\u00a0${month} ${date.getUTCFullYear()}, ${time}\u00a0UTC`;
}

/** Words as one list: `a, b and c`. */
export function list(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Singular or plural: `1 cell`, `3 cells`. */
export function count(number: number, noun: string): string {
  return `${group(String(number))} ${noun}${number === 1 || noun.endsWith("s") ? "" : "s"}`;
}
