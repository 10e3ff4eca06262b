/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The page's script: charts drawn as they come into view, colours, downloads, print.
 *
 * @module
 */
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { chartsOf } from "../model/charts.ts";
import { inSlice, rowsOf, slicesIn, workloadsIn } from "../model/rows.ts";
import { FigureView } from "./figures.ts";
import { themeNow, watchTheme } from "./theme.ts";

function embedded<T>(id: string): T | undefined {
  const text = document.getElementById(id)?.textContent;
  return text ? JSON.parse(text) as T : undefined;
}

function download(name: string, type: string, content: BlobPart): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const run = embedded<RunDocument>("run");
const curves = embedded<Record<string, [number, number][]>>("curves") ?? {};
const rows = rowsOf(run?.cells ?? []).filter((row) => !row.control)
  .map((row) => ({ ...row, curve: curves[row.id] }));

const models = new Map(
  workloadsIn(rows).flatMap((workload) => {
    const own = rows.filter((row) => row.workload === workload);
    return slicesIn(own).flatMap((slice) =>
      chartsOf(workload, slice, own.filter((row) => inSlice(row, slice)))
        .map((chart) => [chart.id, chart] as const)
    );
  }),
);

const views = new Map<Element, FigureView>();
for (const element of document.querySelectorAll<HTMLElement>("figure[data-chart]")) {
  const model = models.get(element.dataset.chart!);
  if (model) views.set(element, new FigureView(element, model));
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    seen.unobserve(entry.target);
    const view = views.get(entry.target);
    if (view && !view.drawn) view.draw();
  }
}, { rootMargin: "400px" });
for (const element of views.keys()) seen.observe(element);

const redraw = () => {
  for (const view of views.values()) if (view.drawn) view.draw();
};
watchTheme(redraw);

/** Opens everything and draws every chart, on paper's colours when it is to be printed. */
function drawAll(theme = themeNow()): void {
  for (const details of document.querySelectorAll("details.slice")) {
    details.setAttribute("open", "");
  }
  for (const view of views.values()) view.draw(theme);
}
addEventListener("beforeprint", () => drawAll("light"));
addEventListener("afterprint", redraw);
document.addEventListener("ipc-draw-all", () => drawAll());

for (const button of document.querySelectorAll<HTMLElement>("[data-download=run]")) {
  button.addEventListener("click", () => {
    download(`${run!.id}.json`, "application/json", JSON.stringify(run, null, 2));
  });
}
