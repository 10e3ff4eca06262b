/**
 * Comma-separated values: a line for each cell, those without a figure included.
 *
 * @module
 */
import type { Cell, RunDocument } from "../../workloads/runner/document.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { csvLine, type Field } from "../media.ts";
import { type Titles, titlesFrom } from "../html/model/titles.ts";
import type { Exporter } from "./exporter.ts";

type Entry = readonly [
  name: string,
  value: (cell: Cell, run: RunDocument, titles: Titles) => Field,
];

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
  ["facility_title", (cell, _, titles) => titles.facility(cell.facility)],
  [
    "variant_title",
    ({ facility, variant }, _, titles) => variant && titles.variant(facility, variant),
  ],
];

export const exporter: Exporter = {
  id: "csv",
  summary: "comma-separated values, a line for each cell",
  extension: "csv",
  render(document) {
    const run = presentable(document);
    const titles = titlesFrom(run.facilities);
    const lines = [
      COLUMNS.map(([name]) => name),
      ...run.cells.map((cell) => COLUMNS.map(([, value]) => value(cell, run, titles))),
    ];
    return lines.map(csvLine).join("");
  },
};
