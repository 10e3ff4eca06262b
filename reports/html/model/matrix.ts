/**
 * Heat maps over two dimensions: facility by placement, CPU by CPU.
 *
 * @module
 */
import type { MeasuredCell } from "../../../workloads/runner/document.ts";
import { type HeatChart, measureOf, notesOf, slug } from "./charts.ts";
import type { Choices } from "./choices.ts";
import { count, quantity, times } from "./format.ts";
import { byMerit, placementsIn, placementWords, type Row, timesWorse, titled } from "./rows.ts";
import type { Titles } from "./titles.ts";
import { atWords, isHidden, rowAt, viewOf } from "./view.ts";

/** The best series of each facility at each placement. */
export function placementChart(
  workload: string,
  rows: readonly Row[],
  choices: Choices,
): HeatChart | null {
  const own = rows.filter((row) => row.workload === workload && !row.control);
  const placements = placementsIn(own);
  if (placements.length < 2) return null;
  const best: Row[] = [];
  let at = "";
  for (const placement of placements) {
    const view = viewOf(workload, own, { ...choices, placement });
    if (!view || view.slice.placement !== placement) continue;
    at = atWords(view);
    const found = view.series.filter((series) => !isHidden(view, series)).flatMap((series) =>
      rowAt(view, series) ?? []
    );
    for (const facility of new Set(found.map((row) => row.facility))) {
      best.push(found.filter((row) => row.facility === facility).sort(byMerit)[0]!);
    }
  }
  const sample = best[0];
  if (!sample) return null;
  const facilities = [...new Set(best.map((row) => row.facility))].sort((a, b) =>
    byMerit(best.find((row) => row.facility === a)!, best.find((row) => row.facility === b)!)
  );
  const titleOf = (id: string) => best.find(({ facility }) => facility === id)!.title;
  const spread = facilities.map((facility) => {
    const own = best.filter((row) => row.facility === facility).sort(byMerit);
    return { times: timesWorse(own.at(-1)!, own[0]!), worst: own.at(-1)! };
  }).sort((a, b) => b.times - a.times)[0]!;
  const words = (row: Row) =>
    `${quantity(row.estimate, row.unit)}${row.wait ? ` ${row.wait}` : ""}`;
  return {
    kind: "heat",
    id: `placement-${slug(workload)}`,
    topic: "placement",
    context: `${titled(workload)}${at && `, ${at}`}`,
    wide: true,
    title: `${titled(workload)} by placement`,
    summary: `${measureOf(sample)}${at && ` with ${at}`} of ${
      count(facilities.length, "facility").replace(/facilitys$/, "facilities")
    } at ${
      count(placements.length, "placement")
    }. Placement matters most to ${spread.worst.title}: ${times(spread.times)} worse ${
      placementWords(spread.worst.placement)
    } than at its best.`,
    reading:
      "Each field is the facility's best series there, with its waiting strategy where it has " +
      "one. The stronger the colour, the worse, on a logarithmic scale. An empty field was not " +
      "measured.",
    rowsTitle: "Facility",
    columnsTitle: "Placement",
    rows: facilities.map(titleOf),
    columns: placements,
    better: sample.better,
    unit: sample.unit,
    cells: best.map((row) => ({
      row: facilities.indexOf(row.facility),
      column: placements.indexOf(row.placement),
      value: row.estimate,
      text: quantity(row.estimate, row.unit),
      notes: [...(row.wait ? [`waiting by ${row.wait}`] : []), ...notesOf(row)],
    })),
    table: {
      columns: ["Facility", ...placements],
      rows: facilities.map((facility) => ({
        head: titleOf(facility),
        facility,
        cells: placements.map((placement) => {
          const row = best.find((row) => row.facility === facility && row.placement === placement);
          return row ? { text: words(row), value: row.estimate } : { text: "–" };
        }),
      })),
    },
  };
}

/**
 * The round trip between each pair of CPUs: from the workload that is made for it, else of the series
 * whose trials ran on most pairs; null where none ran on two.
 */
export function coreChart(cells: readonly MeasuredCell[], titles: Titles): HeatChart | null {
  const of = (workload: string) =>
    cells.filter((cell) =>
      !cell.control && cell.unit === "ns" && cell.count === 2 && cell.workload === workload
    );
  const made = of("core-to-core");
  const candidates = made.length > 0 ? made : of("round-trip");
  const groups = new Map<string, { cell: MeasuredCell; pairs: Map<string, number[]> }>();
  for (const cell of candidates) {
    const key = JSON.stringify([
      cell.facility,
      cell.variant,
      cell.wait,
      cell.sizeBytes,
      cell.awake,
    ]);
    const group = groups.get(key) ?? { cell, pairs: new Map<string, number[]>() };
    groups.set(key, group);
    for (const { cpus: [a, b], estimate } of cell.trials) {
      if (a === undefined || b === undefined || a < 0 || b < 0) continue;
      // A round trip goes both ways, so the workload that is made for it takes each pair once.
      for (const pair of made.length > 0 && a !== b ? [`${a} ${b}`, `${b} ${a}`] : [`${a} ${b}`]) {
        group.pairs.set(pair, [...group.pairs.get(pair) ?? [], estimate]);
      }
    }
  }
  const least = (pairs: Map<string, number[]>) => Math.min(...[...pairs.values()].flat());
  const chosen = [...groups.values()].filter(({ pairs }) => pairs.size > 1)
    .sort((a, b) => b.pairs.size - a.pairs.size || least(a.pairs) - least(b.pairs))[0];
  if (!chosen) return null;
  const { cell, pairs } = chosen;
  const medians = [...pairs].map(([pair, values]) => {
    const sorted = [...values].sort((a, b) => a - b);
    const [a, b] = pair.split(" ").map(Number) as [number, number];
    return { a, b, value: sorted[sorted.length >> 1]!, trials: values.length };
  }).sort((x, y) => x.value - y.value);
  const cpus = [...new Set(medians.flatMap(({ a, b }) => [a, b]))].sort((a, b) => a - b);
  const name = titles.series(cell);
  const first = medians[0]!;
  const last = medians.at(-1)!;
  const size = cell.sizeBytes === undefined ? "" : ` with ${quantity(cell.sizeBytes, "bytes")}`;
  return {
    kind: "heat",
    id: "cores",
    topic: "cores",
    context: "Core to core",
    title: "Core to core",
    summary:
      `Round trip of ${name}${size} between ${count(pairs.size, "pair")} of CPUs: least from ` +
      `CPU ${first.a} to ${first.b} (${quantity(first.value, "ns")}), most from CPU ${last.a} to ` +
      `${last.b} (${quantity(last.value, "ns")}).`,
    reading:
      "Median over the trials that ran on a pair. The diagonal is both participants on one " +
      "CPU. An empty field was not measured.",
    rowsTitle: "Initiator's CPU",
    columnsTitle: "Peer's CPU",
    rows: cpus.map((cpu) => `CPU ${cpu}`),
    columns: cpus.map((cpu) => `CPU ${cpu}`),
    better: "lower",
    unit: "ns",
    cells: medians.map(({ a, b, value, trials }) => ({
      row: cpus.indexOf(a),
      column: cpus.indexOf(b),
      value,
      text: quantity(value, "ns"),
      notes: [quantity(value, "ns"), count(trials, "trial")],
    })),
    table: {
      columns: ["Initiator", ...cpus.map((cpu) => `CPU ${cpu}`)],
      rows: cpus.map((a) => ({
        head: `CPU ${a}`,
        cells: cpus.map((b) => {
          const found = medians.find((pair) => pair.a === a && pair.b === b);
          return found ? { text: quantity(found.value, "ns"), value: found.value } : { text: "–" };
        }),
      })),
    },
  };
}
