/**
 * One run as one self-contained page.
 *
 * @module
 */
import { gzipSync } from "node:zlib";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { jsonText, presentable, shown } from "../../workloads/runner/foreign_text.ts";
import { Checks, CHECKS_LEAD, Knees, KNEES_LEAD } from "./components/checks.tsx";
import { Claims } from "./components/claims.tsx";
import { Floors } from "./components/controls.tsx";
import { HostFacts, Limits, Masthead, Warnings } from "./components/facts.tsx";
import { Filters } from "./components/filters.tsx";
import { Section } from "./components/parts.tsx";
import { OtherSlices } from "./components/slices.tsx";
import { curvesOf } from "./curves.ts";
import { slug } from "./model/charts.ts";
import { rowsOf, titled, workloadsIn } from "./model/rows.ts";
import { packRows } from "./model/pack.ts";
import { titlesFrom } from "./model/titles.ts";
import { verdictOf } from "./model/verdict.ts";
import { viewOf } from "./model/view.ts";
import { renderPage } from "./shell.tsx";
import { ViewRoot } from "./views/views.tsx";

export interface ReportOptions {
  /** Stands in the browser's title bar. @default made from the host's name */
  title?: string;
}

/** Run documents larger than this, in characters, are embedded compressed. */
const PLAIN_RUN = 1_000_000;

/** The run document for the reader to take: as it is, or with gzip where a mail would be too large. */
function embeddedRun(run: RunDocument): Record<string, unknown> {
  const text = jsonText(run);
  if (text.length <= PLAIN_RUN) return { run };
  return { "run-gzip": gzipSync(text).toString("base64") };
}

/** Where figures come from, for pictures that leave their page. */
export function originOf(run: RunDocument): string {
  const { host } = run;
  return `ipc-taxonomy: ${host.hostname}, ${host.cpuModel}, ${host.kernel}, ${
    run.startedAt.slice(0, 10)
  }`;
}

/**
 * Renders a run as one HTML file that needs no network, no server and no other file.
 *
 * @example
 * ```ts ignore
 * await Deno.writeTextFile("report.html", renderReport(run));
 * ```
 */
export function renderReport(document: RunDocument, options: ReportOptions = {}): string {
  const run = presentable(document);
  const curves = curvesOf(run.cells);
  const rows = rowsOf(run).map((row) => ({ ...row, curve: curves[row.id] }));
  const measured = rows.filter((row) => !row.control);
  const controls = rows.filter((row) => row.control);
  const workloads = workloadsIn(measured);
  const data = { rows: measured };
  const title = options.title ? shown(options.title) : `IPC on ${run.host.hostname}`;
  const links = [
    { href: "#overview", text: "Overview" },
    ...workloads.map((id) => ({ href: `#workload-${slug(id)}`, text: titled(id) })),
    { href: "#checks", text: "Checks" },
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
    data: {
      page: { rows: packRows(measured, true), origin: originOf(run), run: run.id },
      ...embeddedRun(document),
    },
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
          <Filters rows={measured} />
          <h2 class="hidden">Rankings</h2>
          {workloads.map((id) => <ViewRoot data={data} view="ranking" workload={id} />)}
        </section>
        {workloads.map((id) => (
          <Section id={`workload-${slug(id)}`} title={titled(id)}>
            <ViewRoot data={data} view="workload" workload={id} />
            <OtherSlices workload={id} rows={measured} />
          </Section>
        ))}
        <Floors rows={controls} />
        <Section id="checks" title="As expected" lead={CHECKS_LEAD}>
          <Checks run={run} />
        </Section>
        <Section id="knees" title="Knees" lead={KNEES_LEAD}>
          <Knees run={run} usual={viewOf("round-trip", measured)?.slice} />
        </Section>
        {run.claims.length > 0 && (
          <Section
            id="claims"
            title="Claims"
            lead="Statements of the taxonomy, each put to the test by experiment in this run."
          >
            <Claims claims={run.claims} titles={titlesFrom(run.facilities)} />
          </Section>
        )}
        <Limits run={run} />
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
              <code>run</code>, or <code>run-gzip</code> (gzip, base64).
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
