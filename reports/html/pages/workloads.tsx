/**
 * A page for each workload, and the list of them.
 *
 * @module
 */
import { Missing } from "../components/facts.tsx";
import { Filters } from "../components/filters.tsx";
import { OtherSlices } from "../components/slices.tsx";
import { Section } from "../components/parts.tsx";
import { count } from "../model/format.ts";
import { titled } from "../model/rows.ts";
import { ViewRoot } from "../views/views.tsx";
import { WORKLOADS } from "../words.ts";
import { Heading, type Site, type SitePage, workloadPath } from "./page.tsx";

function Explained({ site, id }: { site: Site; id: string }) {
  const words = Object.hasOwn(WORKLOADS, id) ? WORKLOADS[id] : undefined;
  if (words) return <p class="lead">{words.does} {words.not}</p>;
  const summary = site.summaries.get(id);
  return summary ? <p class="lead">{summary}</p> : null;
}

export function workloadPage(site: Site, id: string): SitePage {
  const rows = site.rows.filter((row) => row.workload === id);
  const missing = site.run.cells.filter((cell) =>
    cell.workload === id && cell.status !== "measured" && !cell.control
  );
  const data = { rows };
  return {
    path: workloadPath(id),
    under: "workloads/index.html",
    title: `${titled(id)}, IPC on ${site.run.host.hostname}`,
    rows: { rows, detail: true },
    body: (
      <>
        <Heading kicker="Workload" title={titled(id)}>
          <Explained site={site} id={id} />
        </Heading>
        <Filters rows={rows} />
        <h2 class="hidden">Figures</h2>
        <ViewRoot data={data} view="ranking" workload={id} />
        <ViewRoot data={data} view="workload" workload={id} />
        <OtherSlices workload={id} rows={rows} />
        {missing.length > 0 && (
          <Section id="missing" title="What could not be measured">
            <Missing cells={missing} titles={site.titles} status="not-applicable" />
            {missing.some((cell) => cell.status === "failed") && (
              <>
                <h3>Failures</h3>
                <Missing cells={missing} titles={site.titles} status="failed" />
              </>
            )}
          </Section>
        )}
      </>
    ),
  };
}

export function workloadsPage(site: Site): SitePage {
  return {
    path: "workloads/index.html",
    under: "workloads/index.html",
    title: `Workloads, IPC on ${site.run.host.hostname}`,
    body: (
      <>
        <Heading title="Workloads">
          <p class="lead">What was done with the facilities, and what its figures mean.</p>
        </Heading>
        <dl class="leaves">
          {site.workloads.map((id) => {
            const first = site.usual.get(id)?.ranking.places[0];
            const cells = site.rows.filter((row) => row.workload === id).length;
            return (
              <div>
                <dt>
                  <a href={workloadPath(id).replace("workloads/", "")}>{titled(id)}</a>
                </dt>
                <dd>
                  {Object.hasOwn(WORKLOADS, id) ? WORKLOADS[id]!.does : site.summaries.get(id)}
                  <span class="detail block">
                    {count(cells, "cell")} measured{first && `; ${first.label} leads`}.
                  </span>
                </dd>
              </div>
            );
          })}
        </dl>
      </>
    ),
  };
}
