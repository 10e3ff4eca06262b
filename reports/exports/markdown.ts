/**
 * Markdown: where it was measured, then a table for each workload, for a README or a pull request.
 *
 * @module
 */
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { bytes, count, quantity, span } from "../html/model/format.ts";
import { titled, workloadsIn } from "../html/model/rows.ts";
import { type Titles, titlesFrom } from "../html/model/titles.ts";
import { markdown } from "../media.ts";
import { type Column, markdownTable, plain } from "../table.ts";
import { type Exporter, measuredCells } from "./exporter.ts";

/** What names a cell of a workload. */
function facilityColumn(titles: Titles): Column<MeasuredCell> {
  return { title: "Facility", left: true, text: titles.series };
}

/** What names a control row. */
const ROW: Column<MeasuredCell> = {
  title: "Row",
  left: true,
  text: ({ workload }) => titled(workload),
};

const COLUMNS: readonly Column<MeasuredCell>[] = [
  {
    title: "Size",
    text: ({ sizeBytes }) => sizeBytes === undefined ? "" : bytes(sizeBytes),
  },
  {
    title: "Where",
    left: true,
    text: ({ placement, participants, count, awake }) =>
      `${placement}, ${count} ${participants === "thread" ? "threads" : "processes"}` +
      (awake ? ", awake" : ""),
  },
  { title: "Estimate", text: ({ estimate, unit }) => quantity(estimate, unit) },
  {
    title: "95 % interval",
    text: ({ ci95: [low, high], unit }) => `${quantity(low, unit)} – ${quantity(high, unit)}`,
  },
  {
    title: "p99",
    text: ({ percentiles }) =>
      percentiles?.p99 === undefined ? "" : quantity(percentiles.p99, "ns"),
  },
];

export const exporter: Exporter = {
  id: "markdown",
  summary: "Markdown tables, one for each workload",
  extension: "md",
  render(document) {
    const run = presentable(document);
    const cells = measuredCells(run);
    const own = cells.filter(({ control }) => !control);
    const facility = facilityColumn(titlesFrom(run.facilities));
    const parts = [
      heading(run),
      ...workloadsIn(own).map((workload) =>
        section(titled(workload), facility, own.filter((cell) => cell.workload === workload))
      ),
      section("Control rows", ROW, cells.filter(({ control }) => control)),
    ];
    return parts.filter((part) => part !== "").join("\n\n") + "\n";
  },
};

function heading(
  { id, startedAt, durationSeconds, host, tool, settings, cells, label }: RunDocument,
) {
  const measured = cells.filter(({ status }) => status === "measured").length;
  return [
    `# IPC on ${markdown(host.cpuModel)}${label ? `: ${markdown(label)}` : ""}`,
    "",
    `Run ${markdown(id)} of ${startedAt}: ${plain(count(measured, "cell"))} in ` +
    `${plain(span(durationSeconds))}, profile ${settings.profile}, ` +
    `kernel ${markdown(host.kernel)}, Deno ${markdown(tool.deno)}, machine ` +
    `${markdown(host.machineKey)}.`,
  ].join("\n");
}

function section(
  title: string,
  first: Column<MeasuredCell>,
  cells: readonly MeasuredCell[],
): string {
  if (cells.length === 0) return "";
  return `## ${markdown(title)}\n\n${markdownTable([first, ...COLUMNS], cells)}`;
}
