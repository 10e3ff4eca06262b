/**
 * The overview: what was measured where, the verdict, the rankings, and the way to everything else.
 *
 * @module
 */
import { checksOf } from "../../expected.ts";
import { treeOf } from "../about.ts";
import { checkWords } from "../components/checks.tsx";
import { Masthead } from "../components/facts.tsx";
import { Filters } from "../components/filters.tsx";
import { Named, Scroll, Section } from "../components/parts.tsx";
import { type Cost, Tree } from "../components/tree.tsx";
import { contextOf } from "../model/charts.ts";
import { DEFAULTS } from "../model/choices.ts";
import { quantity, times } from "../model/format.ts";
import { byMerit, placementWords, type Row, slicesIn, titled } from "../model/rows.ts";
import { verdictOf } from "../model/verdict.ts";
import { atWords, rowAt, viewOf } from "../model/view.ts";
import { WORKLOADS_USED } from "../../advise/basis.ts";
import { type Answer, answers } from "../needs.ts";
import { ViewRoot } from "../views/views.tsx";
import { facilityPath, type Site, type SitePage, workloadPath } from "./page.tsx";

/** Workloads whose figure stands for what a facility costs, the first that it has. */
const COSTS = ["round-trip", "hand-off", "uncontended", "throughput"];

/**
 * What each facility costs: nanoseconds of its best series in the first workload that it has, shaded
 * among those that are measured alike.
 */
export function costsOf(site: Site): Map<string, Cost> {
  const found = new Map<string, { ns: number; text: string; workload: string }>();
  for (const workload of COSTS) {
    const view = site.usual.get(workload)?.view;
    if (!view) continue;
    for (const id of site.facilities) {
      if (found.has(id)) continue;
      const rows = view.series.filter((series) => series.facility === id)
        .flatMap((series) => rowAt(view, series) ?? series.rows.slice(0, 1));
      const row = rows.sort(byMerit)[0];
      if (!row || row.unit !== "ns") continue;
      found.set(id, {
        ns: row.estimate,
        text: quantity(row.estimate, "ns"),
        workload,
      });
    }
  }
  const usual = COSTS.find((workload) => site.workloads.includes(workload));
  const costs = new Map([...found].map(([id, { ns, text, workload }]): [string, Cost] => {
    const peers = [...found.values()].filter((other) => other.workload === workload);
    const logs = peers.map((peer) => Math.log(peer.ns));
    const least = Math.min(...logs);
    const width = Math.max(Math.max(...logs) - least, 1e-9);
    const of = workload === usual ? undefined : titled(workload).toLowerCase();
    return [id, { text, of, share: (Math.log(ns) - least) / width }];
  }));
  for (const id of site.facilities) {
    const elsewhere = costs.has(id) ? undefined : costElsewhere(site, id);
    if (elsewhere) costs.set(id, elsewhere);
  }
  return costs;
}

/** The cost of a facility that is in no usual slice, such as one for threads alone: without a shade. */
function costElsewhere(site: Site, id: string): Cost | undefined {
  for (const workload of [...COSTS, ...site.workloads]) {
    for (const view of site.views.get(workload) ?? []) {
      const row = view.series.filter(({ facility }) => facility === id)
        .flatMap((series) => rowAt(view, series) ?? []).sort(byMerit)[0];
      if (row) {
        const of = contextOf(workload, view.slice);
        return {
          text: quantity(row.estimate, row.unit),
          of: of.charAt(0).toLowerCase() + of.slice(1),
        };
      }
    }
  }
}

function NeedsTable({ answers, root }: { answers: readonly Answer[]; root: string }) {
  return (
    <Scroll label="Needs and the facilities that meet them">
      <table class="needs">
        <thead>
          <tr>
            <th scope="col">To …</th>
            <th scope="col">Best</th>
            <th scope="col" class="num">Figure</th>
            <th scope="col">Next</th>
            <th scope="col" class="num">Figure</th>
            <th scope="col">Measured as</th>
          </tr>
        </thead>
        <tbody>
          {answers.map(({ words, workload, where, choices: [best, next] }) => (
            <tr>
              <th scope="row">{words}</th>
              <td>{best && <Named facility={best.facility} label={best.label} />}</td>
              <td class="num strong">
                {best && <data value={String(best.value)}>{best.text}</data>}
              </td>
              <td>{next ? <Named facility={next.facility} label={next.label} /> : "–"}</td>
              <td class="num">
                {next ? <data value={String(next.value)}>{next.text}</data> : "–"}
              </td>
              <td class="detail">
                <a href={root + workloadPath(workload)}>{where}</a>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Ids of the rows of each facility's best series, in every slice of a workload. */
function leadingIds(rows: readonly Row[], workload: string): string[] {
  const own = rows.filter((row) => row.workload === workload);
  return slicesIn(own).flatMap((slice) => {
    const view = viewOf(workload, own, DEFAULTS, slice);
    return (view?.series ?? []).filter((series) => view!.leading.has(series.key))
      .flatMap((series) => series.rows.map((row) => row.id));
  });
}

/** One line a workload: who leads, by how much, and who is last. */
function Others({ site, workloads }: { site: Site; workloads: readonly string[] }) {
  const found = workloads.flatMap((workload) => {
    const ranking = site.usual.get(workload)?.ranking;
    return ranking && ranking.places.length > 0 ? [ranking] : [];
  });
  return (
    <Scroll label="The best of each other workload">
      <table class="others-table">
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <th scope="col">Best</th>
            <th scope="col" class="num">Figure</th>
            <th scope="col">Next</th>
            <th scope="col" class="num">Against it</th>
            <th scope="col">Last</th>
            <th scope="col" class="num">Against it</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ workload, slice, at, places }) => {
            const [first, next] = places;
            const last = places.length > 2 ? places.at(-1) : undefined;
            return (
              <tr data-cell={first!.row.id}>
                <th scope="row">
                  <a href={workloadPath(workload)}>{titled(workload)}</a>
                  <span class="detail block">
                    {placementWords(slice.placement)}
                    {at && `, ${at}`}
                  </span>
                </th>
                <td>
                  <Named facility={first!.row.facility} label={first!.label} />
                </td>
                <td class="num strong">
                  <data value={String(first!.row.estimate)}>
                    {quantity(first!.row.estimate, first!.row.unit)}
                  </data>
                </td>
                {[next, last].map((place) => (
                  <>
                    <td>
                      {place ? <Named facility={place.row.facility} label={place.label} /> : "–"}
                    </td>
                    <td class="num">{place ? times(place.times) : "–"}</td>
                  </>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

export function overviewPage(site: Site): SitePage {
  const { run } = site;
  const title = site.title ?? `IPC on ${run.host.hostname}`;
  const main = ["round-trip", "throughput"].filter((id) => site.workloads.includes(id));
  const others = site.workloads.filter((id) => !main.includes(id));
  // Charts here show the best series of each facility; its workload's page has all of them.
  const leading = new Set(main.flatMap((id) => leadingIds(site.rows, id)));
  const rows = site.rows.filter((row) => leading.has(row.id));
  const data = { rows };
  const found = answers(site.rows, site.about);
  return {
    path: "index.html",
    under: "index.html",
    title,
    rows: { rows, detail: false },
    body: (
      <>
        <section id="overview" class="overview" aria-labelledby="title">
          <p class="kicker">A benchmark of interprocess communication</p>
          <h1 id="title">{title}</h1>
          <Masthead run={run} />
          {!run.complete && (
            <p class="notice">
              <strong>This run was interrupted;</strong>{" "}
              the pages show what was measured until then.
            </p>
          )}
          <p class="verdict-text">{verdictOf(site.rows, run.cells).join(" ")}</p>
          <p class="detail">
            Of what the run should show if it measured rightly,{" "}
            <a href="checks.html">{checkWords(checksOf(run))}</a>
          </p>
          <Filters rows={rows} />
          <h2 class="hidden">Rankings</h2>
          {main.map((id) => (
            <>
              <ViewRoot data={data} view="ranking" workload={id} />
              <p class="more">
                <a href={workloadPath(id)}>
                  All about {titled(id).toLowerCase()}: waiting strategies, tails, cost, trials
                </a>
              </p>
            </>
          ))}
        </section>
        {main.length > 0 && (
          <Section id="curves" title="Against the message size">
            <div class="charts">
              {main.map((id) => <ViewRoot data={data} view="curve" workload={id} />)}
            </div>
          </Section>
        )}
        {found.length > 0 && (
          <Section
            id="needs"
            title="Which facility for what"
            lead="Answered from the figures of this run; other sizes and placements can turn the order."
          >
            <NeedsTable answers={found} root="" />
            {site.rows.some(({ workload }) => WORKLOADS_USED.has(workload)) && (
              <p class="more">
                <a href="advise.html">Which facility for needs of your own</a>
              </p>
            )}
          </Section>
        )}
        <Section
          id="taxonomy"
          title="The taxonomy"
          lead={
            <>
              Each leaf with what it costs here: {costWords(site)}. The darker, the dearer.
            </>
          }
        >
          <Tree
            tree={treeOf(new Set(site.facilities))}
            titles={site.titles}
            costs={costsOf(site)}
            hrefOf={facilityPath}
          />
        </Section>
        {others.length > 0 && (
          <Section id="others" title="The other workloads">
            <Others site={site} workloads={others} />
          </Section>
        )}
      </>
    ),
  };
}

/** What the tree's figures are, in words. */
export function costWords(site: Site): string {
  const parts = COSTS.flatMap((workload) => {
    const view = site.usual.get(workload)?.view;
    if (!view || view.rows[0]?.unit !== "ns") return [];
    const at = atWords(view);
    return [
      `${titled(workload).toLowerCase()} ${placementWords(view.slice.placement)}${at && `, ${at}`}`,
    ];
  });
  return parts.length > 1 ? `${parts[0]} (else ${parts.slice(1).join(", else ")})` : parts[0] ?? "";
}
