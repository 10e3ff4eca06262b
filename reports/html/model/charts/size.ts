/**
 * Estimates against message size, or whatever else a workload is laid out along.
 *
 * @module
 */
import {
  type Axis,
  chartId,
  contextOf,
  type CurveChart,
  figure,
  type Line,
  measureOf,
  notesOf,
  type TableCell,
} from "../chart.ts";
import { kneeOf } from "../../../knee.ts";
import { bytes, count, list, quantity } from "../format.ts";
import {
  byMerit,
  type Dimension,
  dimensionTitle,
  placementWords,
  valueAt,
  valuesAlong,
  valueWords,
} from "../rows.ts";
import { isHidden, isShown, type View } from "../view.ts";

/** The estimate of each series along the workload's dimension, both axes logarithmic. */
export function sizeChart(view: View): CurveChart | null {
  const { workload, slice, rows, dimension, series: all } = view;
  const places = valuesAlong(rows, dimension);
  const sample = rows[0];
  if (!dimension || places.length < 2 || !sample) return null;
  const seen = all.filter((series) => !isHidden(view, series));
  const knees = kneesOf(view);
  const lines = all.map((series): Line => ({
    key: series.key,
    label: series.label,
    facility: series.facility,
    wait: series.wait,
    shown: isShown(view, series),
    spare: !view.leading.has(series.key),
    points: series.rows.map((row) => ({
      x: Math.max(valueAt(row, dimension)!, 0.5),
      y: row.estimate,
      yRange: row.ci95,
      ring: row.sizeBytes !== undefined && row.sizeBytes === knees.get(series.key),
      notes: notesOf(row),
    })),
  }));
  const least = places[0]!;
  const most = places.at(-1)!;
  const named = (place: number) => valueWords(dimension, place);
  const bestAt = (place: number) =>
    seen.flatMap((series) =>
      series.rows.filter((row) => valueAt(row, dimension) === place).map((row) => ({ series, row }))
    ).sort((a, b) => byMerit(a.row, b.row))[0];
  const told = [least, most].flatMap((place) => {
    const best = bestAt(place);
    if (!best) return [];
    const { estimate, unit } = best.row;
    return `at ${named(place)} ${best.series.label} (${quantity(estimate, unit)})`;
  });
  const along = dimensionTitle(dimension);
  return {
    kind: "curve",
    id: chartId("size", workload),
    topic: "size",
    context: contextOf(workload, slice),
    wide: true,
    title: `${measureOf(sample)} against ${along.toLowerCase()}`,
    summary: `${measureOf(sample)} of ${count(seen.length, "series")} from ${named(least)} to ${
      named(most)
    } ${placementWords(slice.placement)}.${told.length ? ` Best ${list(told)}.` : ""}`,
    reading: "Both axes are logarithmic; bars are 95 % intervals over trials" +
      (rows.some(({ sure }) => sure === false) ? ", or their range where they are too few." : ".") +
      (dimension.kind === "size"
        ? " A line ends where the facility cannot carry a larger message here, or none was measured."
        : "") +
      (knees.size > 0
        ? " A ring is the knee of a curve: where the price of a message stops being that of the " +
          "call and becomes that of its bytes."
        : ""),
    joined: true,
    x: {
      label: along,
      scale: "log",
      unit: dimension.kind === "size" ? "size" : unitOf(dimension),
      at: places,
    },
    y: { label: measureOf(sample), scale: "log", unit: sample.unit },
    lines,
    table: {
      columns: ["Series", ...places.map(named), ...(knees.size > 0 ? ["Knee"] : [])],
      rows: seen.map((series) => ({
        head: series.label,
        facility: series.facility,
        cells: [
          ...places.map((place) =>
            figure(
              series.rows.find((row) => valueAt(row, dimension) === place)?.estimate,
              sample.unit,
            )
          ),
          ...(knees.size > 0 ? [kneeCell(knees.get(series.key))] : []),
        ],
      })),
    },
  };
}

function unitOf(dimension: Dimension): Axis["unit"] {
  if (dimension.kind === "parameter" && dimension.name.endsWith("Ns")) return "ns";
  return "number";
}

/** The sizes of the knees, by the keys of the series that have one; of round trips alone. */
function kneesOf({ workload, dimension, series }: View): Map<string, number> {
  if (workload !== "round-trip" || dimension?.kind !== "size") return new Map();
  return new Map(series.flatMap(({ key, rows }) => {
    const points = rows.map(({ sizeBytes, estimate }) => ({
      sizeBytes: sizeBytes!,
      ns: estimate,
    }));
    const knee = kneeOf(points.filter(({ sizeBytes }) => sizeBytes > 0));
    return knee ? [[key, knee.sizeBytes] as const] : [];
  }));
}

function kneeCell(size: number | undefined): TableCell {
  return size === undefined ? { text: "none" } : { text: bytes(size), value: size };
}
