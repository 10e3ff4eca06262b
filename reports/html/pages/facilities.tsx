/**
 * A page for each facility, and the list of them.
 *
 * @module
 */
import { type About, treeOf, type Twig } from "../about.ts";
import { LimitTable, Missing } from "../components/facts.tsx";
import { Filters } from "../components/filters.tsx";
import { FigureTable, Mark, Named, Scroll, Section } from "../components/parts.tsx";
import { Tree } from "../components/tree.tsx";
import { FAMILY_TITLES, lookOf } from "../model/appearance.ts";
import { contextOf, sizeChart } from "../model/charts.ts";
import { DEFAULTS } from "../model/choices.ts";
import { list, quantity, times } from "../model/format.ts";
import { placementWords, slicesIn, titled, workloadsIn } from "../model/rows.ts";
import { viewOf } from "../model/view.ts";
import { ViewRoot } from "../views/views.tsx";
import { FacilityClaims } from "./claims.tsx";
import { costsOf, costWords } from "./overview.tsx";
import { facilityPath, Heading, type Site, type SitePage, workloadPath } from "./page.tsx";

/** What the taxonomy says of a facility, property by property, in words. */
const PROPERTIES: {
  [Name in keyof About["semantics"]]-?: (value: About["semantics"][Name]) => [string, string];
} = {
  boundaries: (value) => [
    "Message boundaries",
    {
      stream: "none: a stream of bytes",
      message: "kept: a read takes one whole message",
      none: "no data is transferred",
    }[value],
  ],
  identifier: (value) => ["Found by", value === "none" ? "no name" : words(value)],
  handle: (value) => ["Held by", value === "none" ? "nothing" : words(value)],
  accessibility: (value) => ["Open to", words(value)],
  persistence: (value) => [
    "Lives as long as",
    {
      process: "the processes that use it",
      kernel: "the kernel, until it is removed",
      "file-system": "the file system, until it is removed",
    }[value],
  ],
  pollable: (value) => ["Works with poll", value ? "yes" : "no"],
  order: (value) => ["Order of receipt", value === "none" ? "none" : `by ${words(value)}`],
  destructiveReads: (value) => [
    "Reading consumes",
    value === null ? "nothing is read" : value ? "yes" : "no",
  ],
  emptyBlocks: (value) => [
    "A reader of an empty one waits",
    value === null ? "nothing is read" : value ? "yes" : "no",
  ],
  whenFull: (value) => [
    "When full, a writer",
    {
      blocks: "waits",
      loses: "loses the message",
      refuses: "gets an error",
      coalesces: "adds to what is pending",
      none: "does not meet a limit",
    }[value],
  ],
  peek: (value) => ["Can be read without consuming", value ? "yes" : "no"],
  oneToMany: (value) => ["One message reaches several", value ? "yes" : "no"],
  connections: (value) => ["Each that connects has an end of its own", value ? "yes" : "no"],
  holderDies: (value) => [
    "When the holder dies",
    {
      released: "it is released",
      reported: "the next holder is told",
      undone: "its operation is undone",
      stuck: "it stays held",
      none: "nothing is held",
    }[value ?? "none"],
  ],
  lockOwner: (value) => ["Belongs to", value === "open-file" ? "the open file" : "the process"],
};

function words(id: string): string {
  return id.replaceAll("-", " ");
}

function Semantics({ semantics }: { semantics: About["semantics"] }) {
  return (
    <dl class="facts">
      {Object.entries(PROPERTIES).flatMap(([name, tell]) => {
        const value = semantics[name as keyof About["semantics"]];
        if (value === undefined) return [];
        const [title, text] = (tell as (value: unknown) => [string, string])(value);
        return [
          <div>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>,
        ];
      })}
    </dl>
  );
}

/** How it stands in each workload's usual slice. */
function Standing({ site, id }: { site: Site; id: string }) {
  const found = site.workloads.flatMap((workload) => {
    const ranking = site.usual.get(workload)?.ranking;
    const place = ranking?.places.find(({ row }) => row.facility === id);
    return place ? [{ workload, ranking: ranking!, place }] : [];
  });
  if (found.length === 0) return <p>Nothing of it was measured in this run.</p>;
  return (
    <Scroll label="How it stands">
      <table>
        <thead>
          <tr>
            <th scope="col">Workload</th>
            <th scope="col" class="num">Estimate</th>
            <th scope="col" class="num">95 % interval</th>
            <th scope="col" class="num">CPU an operation</th>
            <th scope="col" class="num">Rank</th>
            <th scope="col" class="num">Against the best</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ workload, ranking, place: { row, rank, label, times: ratio } }) => (
            <tr data-cell={row.id}>
              <th scope="row">
                <a href={`../${workloadPath(workload)}`}>{titled(workload)}</a>
                <span class="detail block">
                  {placementWords(ranking.slice.placement)}
                  {ranking.at && `, ${ranking.at}`}
                  {label.includes(" · ") && `, ${label.split(" · ").slice(1).join(", ")}`}
                </span>
              </th>
              <td class="num strong">
                <data value={String(row.estimate)}>{quantity(row.estimate, row.unit)}</data>
              </td>
              <td class="num interval">
                {row.sure === false
                  ? "too few trials"
                  : `${quantity(row.ci95[0], row.unit)} – ${quantity(row.ci95[1], row.unit)}`}
              </td>
              <td class="num">{row.cpuNs === undefined ? "–" : quantity(row.cpuNs, "ns")}</td>
              <td class="num">{rank} of {ranking.places.length}</td>
              <td class="num">{times(ratio)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** All of its figures: a table for each workload and slice. */
function AllFigures({ site, id }: { site: Site; id: string }) {
  const own = site.rows.filter((row) => row.facility === id);
  return (
    <details>
      <summary>All {own.length} cells of this facility</summary>
      {workloadsIn(own).flatMap((workload) =>
        slicesIn(own.filter((row) => row.workload === workload)).map((slice) => {
          const view = viewOf(workload, own, DEFAULTS, slice);
          const chart = view && sizeChart(view);
          const title = contextOf(workload, slice);
          if (chart) {
            return (
              <>
                <h4>{title}</h4>
                <FigureTable table={chart.table} label={title} />
              </>
            );
          }
          return view && (
            <>
              <h4>{title}</h4>
              <FigureTable
                label={title}
                table={{
                  columns: ["Series", "Estimate"],
                  rows: view.series.map((series) => ({
                    head: series.label,
                    facility: id,
                    cells: series.rows.slice(0, 1).map((row) => ({
                      text: quantity(row.estimate, row.unit),
                      value: row.estimate,
                    })),
                  })),
                }}
              />
            </>
          );
        })
      )}
    </details>
  );
}

export function facilityPage(site: Site, id: string): SitePage {
  const { run, rows, titles } = site;
  const title = titles.facility(id);
  const about = site.about.get(id);
  const look = lookOf(id);
  const claims = run.claims.filter((claim) => claim.facility === id);
  const cells = run.cells.filter((cell) => cell.facility === id);
  const limits = Object.values(run.host.limits).filter(({ name }) => about?.limits.includes(name));
  const mine = workloadsIn(rows.filter((row) => row.facility === id));
  // The field is shown at its best, the facility itself in every series.
  const shown = mine.flatMap((workload) =>
    site.views.get(workload)!.flatMap(({ series, leading }) =>
      series.filter(({ key, facility }) => facility === id || leading.has(key))
        .flatMap(({ rows }) => rows)
    )
  );
  const data = { rows: shown };
  const kin = site.facilities.filter((other) =>
    other !== id && lookOf(other).family === look.family
  );
  return {
    path: facilityPath(id),
    under: "facilities/index.html",
    title: `${title}, IPC on ${run.host.hostname}`,
    rows: { rows: shown, detail: false },
    body: (
      <>
        <Heading
          kicker={FAMILY_TITLES[look.family]}
          title={
            <span class="named">
              <Mark facility={id} />
              <span>{title}</span>
            </span>
          }
        >
          {about && <p class="verdict-text">{about.summary}</p>}
          {about && (
            <p class="detail">
              Origin: {about.origin.family} ({about.origin.source}). Id: <code>{id}</code>.
              {about.variants.length > 0 && (
                <>
                  {" "}Variants: {about.variants.map((variant, index) => (
                    <>
                      {index > 0 && "; "}
                      <code>{variant.id}</code>, {variant.summary.replace(/\.$/, "")}
                    </>
                  ))}.
                </>
              )}
            </p>
          )}
        </Heading>
        <Section id="standing" title="What it costs">
          <Standing site={site} id={id} />
        </Section>
        {mine.length > 0 && (
          <Section
            id="field"
            title="Against the field"
            lead={`${title} in full colour, the best series of every other facility set back.`}
          >
            <Filters rows={shown} />
            {mine.map((workload) => (
              <ViewRoot data={data} view="facility" workload={workload} facility={id} />
            ))}
            <AllFigures site={site} id={id} />
          </Section>
        )}
        {about && (
          <Section
            id="semantics"
            title="What it is"
            lead="As the taxonomy classifies it; the claims below put it to the test."
          >
            <Semantics semantics={about.semantics} />
          </Section>
        )}
        {claims.length > 0 && (
          <Section id="claims" title="Claims">
            <FacilityClaims claims={claims} titles={titles} id={id} />
          </Section>
        )}
        {limits.length > 0 && (
          <Section id="limits" title="Limits on this host">
            <LimitTable limits={limits} />
          </Section>
        )}
        {cells.some((cell) => cell.status !== "measured") && (
          <Section id="missing" title="What could not be measured">
            <Missing cells={cells} titles={titles} status="not-applicable" />
            {cells.some((cell) =>
              cell.status === "failed"
            ) && <Missing cells={cells} titles={titles} status="failed" />}
          </Section>
        )}
        {kin.length > 0 && (
          <Section id="kin" title="Its family">
            <ul class="kin">
              {kin.map((other) => (
                <li>
                  <a href={`../${facilityPath(other)}`}>
                    <Named facility={other} label={titles.facility(other)} />
                  </a>
                </li>
              ))}
            </ul>
          </Section>
        )}
      </>
    ),
  };
}

function leavesOf(twig: Twig): string[] {
  return [...twig.twigs.flatMap(leavesOf), ...twig.leaves];
}

export function facilitiesPage(site: Site): SitePage {
  const tree = treeOf(new Set(site.facilities));
  const flat = (id: string) => facilityPath(id).replace("facilities/", "");
  return {
    path: "facilities/index.html",
    under: "facilities/index.html",
    title: `Facilities, IPC on ${site.run.host.hostname}`,
    body: (
      <>
        <Heading title="Facilities">
          <p class="lead">
            The taxonomy of Unix interprocess communication, with what each leaf costs here:{" "}
            {costWords(site)}. The darker, the dearer.
          </p>
        </Heading>
        <Tree tree={tree} titles={site.titles} costs={costsOf(site)} hrefOf={flat} />
        {tree.map((branch) => (
          <Section id={branch.title.toLowerCase().replace(/\W+/g, "-")} title={branch.title}>
            <dl class="leaves">
              {leavesOf(branch).map((id) => (
                <div>
                  <dt>
                    <a href={flat(id)}>
                      <Named facility={id} label={site.titles.facility(id)} />
                    </a>
                  </dt>
                  <dd>
                    {site.about.get(id)?.summary ??
                      `Measured in ${
                        list(
                          workloadsIn(site.run.cells.filter((cell) => cell.facility === id))
                            .map((workload) =>
                              titled(workload).toLowerCase()
                            ),
                        )
                      }.`}
                  </dd>
                </div>
              ))}
            </dl>
          </Section>
        ))}
      </>
    ),
  };
}
