/**
 * Heat maps: region by waiting strategy, facility by placement, core to core.
 *
 * @module
 */
import type { MeasuredCell } from "../../../workloads/runner/document.ts";
import { Filters } from "../components/filters.tsx";
import { Section } from "../components/parts.tsx";
import { type ChartModel, slug } from "../model/charts.ts";
import { DEFAULTS } from "../model/choices.ts";
import { coreChart } from "../model/matrix.ts";
import { titled } from "../model/rows.ts";
import { renderView, ViewRoot } from "../views/views.tsx";
import { Heading, type Site, type SitePage } from "./page.tsx";

export function matrixPage(site: Site): SitePage | null {
  const workloads = site.workloads.filter((workload) =>
    renderView({ rows: site.rows }, DEFAULTS, { view: "matrix", workload }).charts.length > 0
  );
  const cells = site.run.cells.filter((cell): cell is MeasuredCell => cell.status === "measured");
  const cores = coreChart(cells, site.titles);
  if (workloads.length === 0 && !cores) return null;
  const rows = site.rows.filter((row) => workloads.includes(row.workload));
  const charts: Record<string, ChartModel> = cores ? { cores } : {};
  const data = { rows, charts };
  return {
    path: "matrix.html",
    under: "matrix.html",
    title: `Matrix, IPC on ${site.run.host.hostname}`,
    rows: { rows, detail: false },
    data: { charts },
    body: (
      <>
        <Heading title="Matrix">
          <p class="lead">
            Two dimensions at a time: what the memory costs and what the waiting costs, what the
            facility costs and what the distance between CPUs costs.
          </p>
        </Heading>
        <Filters rows={rows} baseline={false} />
        {workloads.map((workload) => (
          <Section id={`matrix-${slug(workload)}`} title={titled(workload)}>
            <ViewRoot data={data} view="matrix" workload={workload} />
          </Section>
        ))}
        {cores && (
          <Section id="core-to-core" title="Core to core">
            <ViewRoot data={data} view="fixed" chart="cores" />
          </Section>
        )}
      </>
    ),
  };
}
