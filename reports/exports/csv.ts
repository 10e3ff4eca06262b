/**
 * Comma-separated values: a line for each cell, those without a figure included.
 *
 * Lines end in CR LF, and fields with commas, quotes or line ends are quoted.
 *
 * @see {@link https://www.rfc-editor.org/rfc/rfc4180 RFC 4180}
 * @module
 */
import type { Cell, RunDocument } from "../../workloads/runner/document.ts";
import type { Exporter } from "./exporter.ts";

type Field = string | number | boolean | undefined;

type Entry = readonly [name: string, value: (cell: Cell, run: RunDocument) => Field];

const COLUMNS: readonly Entry[] = [
  ["run", (_, run) => run.id],
  ["started_at", (_, run) => run.startedAt],
  ["machine_key", (_, run) => run.host.machineKey],
  ["cell", (cell) => cell.id],
  ["facility", (cell) => cell.facility],
  ["variant", (cell) => cell.variant],
  ["workload", (cell) => cell.workload],
  ["size_bytes", (cell) => cell.sizeBytes],
  ["placement", (cell) => cell.placement],
  ["participants", (cell) => cell.participants],
  ["count", (cell) => cell.count],
  ["wait", (cell) => cell.wait],
  ["awake", (cell) => cell.awake],
  ["control", (cell) => cell.control ?? false],
  ["parameters", (cell) => cell.parameters && JSON.stringify(cell.parameters)],
  ["unit", (cell) => cell.unit],
  ["better", (cell) => cell.better],
  ["status", (cell) => cell.status],
  ["reason", (cell) => cell.status === "measured" ? undefined : cell.reason],
  ["estimate", (cell) => cell.status === "measured" ? cell.estimate : undefined],
  ["ci95_low", (cell) => cell.status === "measured" ? cell.ci95[0] : undefined],
  ["ci95_high", (cell) => cell.status === "measured" ? cell.ci95[1] : undefined],
  ["trials", (cell) => cell.status === "measured" ? cell.trials.length : undefined],
  ...(["p50", "p90", "p99", "p99.9", "max"] as const).map((name): Entry => [
    `${name.replace(".", "_")}_ns`,
    (cell) => cell.status === "measured" ? cell.percentiles?.[name] : undefined,
  ]),
  ["cpu_ns_per_op", (cell) => cell.status === "measured" ? cell.cost?.cpuNsPerOp : undefined],
  ["warnings", (cell) => cell.warnings.map(({ text }) => text).join("; ")],
];

export const exporter: Exporter = {
  id: "csv",
  summary: "comma-separated values, a line for each cell",
  extension: "csv",
  render(run) {
    const lines = [
      COLUMNS.map(([name]) => name),
      ...run.cells.map((cell) => COLUMNS.map(([, value]) => field(value(cell, run)))),
    ];
    return lines.map((line) => line.join(",") + "\r\n").join("");
  },
};

function field(value: Field): string {
  if (value === undefined) return "";
  // A spreadsheet would run text that begins like a formula.
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : `${value}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
