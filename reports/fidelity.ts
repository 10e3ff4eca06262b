/**
 * The comparison with native code as text: a table for each kind of cell, and what it comes to.
 *
 * @module
 */
import type {
  FidelityCell,
  FidelityDocument,
  FidelityGroup,
} from "../workloads/runner/fidelity_document.ts";
import { presentable } from "../workloads/runner/foreign_text.ts";
import { bytes, quantity } from "./html/model/format.ts";

const TITLES: Readonly<Record<FidelityGroup, string>> = {
  blocking: "Round trip and hand-off that block",
  throughput: "Throughput that blocks",
  uncontended: "Uncontended locks and notifiers",
  spin: "Spinning across CPUs",
};

type Measured = Extract<FidelityCell, { status: "measured" }>;

/** All of it, for a terminal. */
export function fidelityTable(document: FidelityDocument): string {
  const { cells, groups, perf, compiler, warnings } = presentable(document);
  const tables = groups.map((group) => {
    const rows = cells.filter((cell) => cell.group === group.group)
      .filter((cell) => cell.status === "measured");
    const { reached, cells: count, geometricMean, worst } = group;
    return [
      `${TITLES[group.group]} (suite / native, goal ${goalText(rows[0]!)})`,
      columns([
        ["cell", "native", "suite", "ratio", "95 %", ...(extras(rows) ? ["extra/call"] : []), ""],
        ...rows.map(row),
      ]),
      `${reached} of ${count} reach it; geometric mean ${geometricMean.toFixed(3)}, ` +
      `worst ${worst.ratio.toFixed(3)} (${worst.id})`,
    ].join("\n");
  });
  const problems = cells.flatMap((cell) =>
    cell.status === "measured" ? [] : [`${cell.status}: ${cell.id}: ${cell.reason}`]
  );
  return [
    ...tables,
    perf
      ? `Native pipe round trip / perf bench sched pipe: ${perf.ratio.toFixed(3)} ` +
        `(95 % ${interval(perf.ratioCi95)}; ${perf.version})`
      : "perf is not installed: the native reference was not held against perf bench sched pipe",
    `Native code by ${compiler}`,
    [...problems, ...warnings.map((warning) => `warning: ${warning}`)].join("\n"),
  ].filter((part) => part !== "").join("\n\n");
}

function extras(rows: readonly Measured[]): boolean {
  return rows.some(({ goal }) => goal.kind === "extra-ns-per-call");
}

function row(cell: Measured): string[] {
  const { facility, workload, sizeBytes, wait, placement, extraNsPerCall } = cell;
  const name = [workload, facility, ...(sizeBytes === undefined ? [] : [bytes(sizeBytes)]), wait];
  return [
    [...name, placement].filter(Boolean).join(" "),
    quantity(cell.nativeNs, "ns"),
    quantity(cell.suiteNs, "ns"),
    cell.ratio.toFixed(3),
    interval(cell.ratioCi95),
    ...(extraNsPerCall === undefined ? [] : [`${extraNsPerCall.toFixed(1)} ns`]),
    cell.reached ? "" : "missed",
  ];
}

function interval([low, high]: readonly [number, number]): string {
  return `${low.toFixed(3)}–${high.toFixed(3)}`;
}

function goalText({ goal }: Measured): string {
  return goal.kind === "ratio" ? `≤ ${goal.most.toFixed(2)}` : `≤ ${goal.most} ns more a call`;
}

/** The first column to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((each) => [...each[at]!].length)));
  return rows.map((cells) =>
    cells.map((cell, at) => at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))
      .join("  ").trimEnd()
  ).join("\n");
}
