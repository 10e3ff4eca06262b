/**
 * One run as one self-contained page.
 *
 * @module
 */
import type { RunDocument } from "../../workloads/runner/document.ts";
import { Claims } from "./components/claims.tsx";
import { HostFacts, Limits, Masthead, Missing, Warnings } from "./components/facts.tsx";
import { Figure } from "./components/figure.tsx";
import { Named, Scroll, Section } from "./components/parts.tsx";
import { RankingTable } from "./components/ranking.tsx";
import { curvesOf } from "./curves.ts";
import { chartsOf, contextOf, slug } from "./model/charts.ts";
import { bytes, count, quantity } from "./model/format.ts";
import { rankingOf } from "./model/ranking.ts";
import {
  inSlice,
  type Row,
  rowsOf,
  sameSlice,
  type Slice,
  slicesIn,
  titled,
  workloadsIn,
} from "./model/rows.ts";
import { usualRanking, verdictOf } from "./model/verdict.ts";
import { renderPage } from "./shell.tsx";

export interface ReportOptions {
  /** Stands in the browser's title bar. @default made from the host's name */
  title?: string;
}

/** Tables and charts of one workload; its ranking in the overview's slice is not told twice. */
function Workload(
  { workload, rows, told }: { workload: string; rows: readonly Row[]; told?: Slice },
) {
  const slices = slicesIn(rows);
  return (
    <Section id={`workload-${slug(workload)}`} title={titled(workload)}>
      {slices.map((slice, index) => {
        const own = rows.filter((row) => inSlice(row, slice));
        const title = contextOf(workload, slice);
        const ranking = rankingOf(workload, slice, own);
        const every = rankingOf(workload, slice, own, { everySeries: true });
        const body = (
          <>
            {!(told && sameSlice(told, slice)) && (
              <RankingTable ranking={ranking} title={titled(workload)} />
            )}
            {every.places.length > ranking.places.length && (
              <details>
                <summary>All {every.places.length} series at this size</summary>
                <RankingTable ranking={every} title={`${titled(workload)}, all series`} />
              </details>
            )}
            <div class="charts">
              {chartsOf(workload, slice, own).map((chart) => <Figure chart={chart} />)}
            </div>
          </>
        );
        return index === 0
          ? (
            <div class="slice">
              <h3>{title}</h3>
              {body}
            </div>
          )
          : (
            <details class="slice">
              <summary>
                <h3>{title}</h3>
              </summary>
              {body}
            </details>
          );
      })}
    </Section>
  );
}

function Controls({ rows }: { rows: readonly Row[] }) {
  return (
    <Scroll label="Control rows">
      <table>
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col" class="num">Size</th>
            <th scope="col" class="num">Estimate</th>
            <th scope="col" class="num">95 % interval</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr data-cell={row.id}>
              <th scope="row">
                <Named facility={row.facility} />
              </th>
              <td class="num">{row.sizeBytes === undefined ? "–" : bytes(row.sizeBytes)}</td>
              <td class="num">
                <data value={String(row.estimate)}>{quantity(row.estimate, row.unit)}</data>
              </td>
              <td class="num">
                {quantity(row.ci95[0], row.unit)} – {quantity(row.ci95[1], row.unit)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/**
 * Renders a run as one HTML file that needs no network, no server and no other file.
 *
 * @example
 * ```ts ignore
 * await Deno.writeTextFile("report.html", renderReport(run));
 * ```
 */
export function renderReport(run: RunDocument, options: ReportOptions = {}): string {
  const curves = curvesOf(run.cells);
  const rows = rowsOf(run.cells).map((row) => ({ ...row, curve: curves[row.id] }));
  const measured = rows.filter((row) => !row.control);
  const controls = rows.filter((row) => row.control);
  const workloads = workloadsIn(measured);
  const missing = run.cells.filter((cell) => cell.status !== "measured");
  const failed = run.cells.filter((cell) => cell.status === "failed").length;
  const rankings = workloads.map((workload) => usualRanking(workload, measured)).filter((ranking) =>
    ranking !== undefined
  );
  const title = options.title ?? `IPC on ${run.host.hostname}`;
  const links = [
    { href: "#overview", text: "Overview" },
    ...workloads.map((id) => ({ href: `#workload-${slug(id)}`, text: titled(id) })),
    ...(run.claims.length ? [{ href: "#claims", text: "Claims" }] : []),
    { href: "#limits", text: "Limits" },
    { href: "#warnings", text: "Warnings" },
    { href: "#host", text: "Host" },
    { href: "#data", text: "Data" },
  ];
  return renderPage({
    title,
    description: `Interprocess communication measured on ${run.host.hostname}`,
    links,
    data: { run, curves },
    body: (
      <>
        <section id="overview" class="overview" aria-labelledby="title">
          <p class="kicker">A benchmark of interprocess communication</p>
          <h1 id="title">{title}</h1>
          <Masthead run={run} />
          {!run.complete && (
            <p class="notice">
              <strong>This run was interrupted;</strong>{" "}
              the report shows what was measured until then.
            </p>
          )}
          <p class="verdict-text">{verdictOf(rows, run.cells).join(" ")}</p>
          {rankings.map((ranking) => (
            <RankingTable ranking={ranking} title={titled(ranking.workload)} />
          ))}
        </section>
        {workloads.map((workload) => (
          <Workload
            workload={workload}
            rows={measured.filter((row) => row.workload === workload)}
            told={rankings.find((ranking) => ranking.workload === workload)?.slice}
          />
        ))}
        {controls.length > 0 && (
          <Section
            id="controls"
            title="Floors"
            lead="What the same loop costs without any facility: no figure above can be below these."
          >
            <Controls rows={controls} />
          </Section>
        )}
        {run.claims.length > 0 && (
          <Section
            id="claims"
            title="Claims"
            lead="Statements of the taxonomy, each put to the test by experiment in this run."
          >
            <Claims claims={run.claims} />
          </Section>
        )}
        <Section
          id="limits"
          title="Limits"
          lead="A facility is measured up to its limit on this host; nothing is cut off in silence."
        >
          <Limits run={run} />
          <h3>What could not be measured</h3>
          <Missing cells={missing} status="not-applicable" />
          <h3>{failed === 0 ? "Failures" : count(failed, "failure")}</h3>
          <Missing cells={missing} status="failed" />
        </Section>
        <Section id="warnings" title="Warnings">
          <Warnings run={run} />
        </Section>
        <Section id="host" title="Host">
          <HostFacts run={run} />
        </Section>
        <Section
          id="data"
          title="Data"
          lead={
            <>
              The whole run document is part of this file. It follows the schema{" "}
              <code>{run.schema}</code>.
            </>
          }
        >
          <p class="js-only">
            <button type="button" class="download" data-download="run">
              Download the run document (JSON)
            </button>
          </p>
          <noscript>
            <p>
              Without scripts, find it in this page's source, in the block with the id{" "}
              <code>run</code>.
            </p>
          </noscript>
        </Section>
        <footer>
          <p>
            Run <code>{run.id}</code>, made with ipc-taxonomy {run.tool.version}.
          </p>
        </footer>
      </>
    ),
  });
}
