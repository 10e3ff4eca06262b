/**
 * Figures as CSV, in long form: one figure a line, its unit in the column's name.
 *
 * @module
 */
import { csvLine, type Field } from "../../media.ts";
import type { Axis, ChartModel } from "./charts.ts";

function csv(header: readonly string[], lines: Iterable<readonly Field[]>): string {
  return [header, ...lines].map(csvLine).join("");
}

function axisName({ label, unit, scale }: Axis): string {
  if (scale === "nines") return "share of operations";
  if (scale === "time") return "start [ISO 8601]";
  return `${label.toLowerCase()} [${unit === "size" ? "bytes" : unit}]`;
}

/** What a chart shows. */
export function chartCsv(chart: ChartModel): string {
  switch (chart.kind) {
    case "curve": {
      const x = axisName(chart.x);
      const y = axisName(chart.y);
      return csv(
        ["series", "facility", x, y, `${y} low`, `${y} high`],
        chart.lines.filter((line) => line.shown).flatMap((line) =>
          line.points.map((point) => [
            line.label,
            line.facility,
            chart.x.scale === "nines"
              ? 1 - 10 ** -point.x
              : chart.x.scale === "time"
              ? new Date(point.x).toISOString()
              : point.x,
            point.y,
            point.yRange?.[0],
            point.yRange?.[1],
          ])
        ),
      );
    }
    case "heat":
      return csv(
        [chart.rowsTitle.toLowerCase(), chart.columnsTitle.toLowerCase(), `value [${chart.unit}]`],
        chart.cells.map((cell) => [chart.rows[cell.row], chart.columns[cell.column], cell.value]),
      );
    case "box":
      return csv(
        ["series", "facility", "trial", axisName(chart.x)],
        chart.items.flatMap((item) =>
          item.values.map((value, index) => [item.label, item.facility, index + 1, value])
        ),
      );
  }
}
