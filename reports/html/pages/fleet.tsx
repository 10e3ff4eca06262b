/**
 * The hosts of a fleet: side by side by what they are grouped by, and those that differ.
 *
 * All of it is tables; nothing on this page needs a script.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { type Facet, FACETS, type FleetRun } from "../../fleet/fleet_run.ts";
import { compareGroups, type GroupCell, type GroupComparison } from "../../fleet/groups.ts";
import { hostKey, type HostLevels, levelsOf } from "../../fleet/levels.ts";
import { findOutliers, type OutlierSearch } from "../../fleet/outliers.ts";
import {
  cellsWords,
  groupRows,
  intervalWords,
  outlierRows,
  outliersWords,
  unlikely,
} from "../../fleet/words.ts";
import { change } from "../../check/words.ts";
import { Scroll, Section } from "../components/parts.tsx";
import { count, quantity } from "../model/format.ts";
import { Heading, type Site, type SitePage } from "./page.tsx";

/** Rows of a table of cells at most; `compare --by --json` has all. */
const MOST_CELLS = 40;

const TITLES: Readonly<Record<Facet, string>> = {
  kernel: "Kernel",
  instance: "Instance type",
  runtime: "Container runtime",
  cpu: "Processor",
};

export function fleetPage(site: Site): SitePage | null {
  const { fleet } = site;
  const hosts = levelsOf(fleet);
  if (hosts.length < 2) return null;
  const comparisons = FACETS.map((facet) => compareGroups(fleet, facet))
    .filter(({ groups }) => groups.length > 1);
  const outliers = findOutliers(fleet);
  return {
    path: "fleet.html",
    under: "fleet.html",
    title: `Fleet, IPC on ${count(hosts.length, "host")}`,
    body: (
      <>
        <Heading title="Fleet">
          <p class="lead">
            {count(fleet.length, "run")} of{" "}
            {count(hosts.length, "host")}. A host counts once, by the medians over its runs, however
            many it has. More than 1 × is worse, whatever the unit.
          </p>
          {comparisons.length > 0 && (
            <p>
              By {comparisons.map(({ facet }, index) => (
                <>
                  {index > 0 && " · "}
                  <a href={`#by-${facet}`}>{TITLES[facet].toLowerCase()}</a>
                </>
              ))}
            </p>
          )}
        </Heading>
        <Outliers search={outliers} />
        {comparisons.map((comparison) => <Groups comparison={comparison} />)}
        <Hosts hosts={hosts} runs={fleet} search={outliers} />
      </>
    ),
  };
}

function Outliers({ search }: { search: OutlierSearch }) {
  return (
    <Section
      id="outliers"
      title="Hosts that differ from their equals"
      lead={
        <>
          Equals share kernel, instance type, runtime and processor. {outliersWords(search)}.
        </>
      }
    >
      {search.outliers.length > 0 && (
        <Table
          label="Table of hosts that differ"
          head={["Host", "By", "Change", "q", "Cells", "Runs", "Equals"]}
          rows={search.outliers.flatMap(outlierRows).map(({ outlier, deviation }) => [
            outlier.hostname,
            deviation.by,
            change(deviation.ratio),
            unlikely(deviation.q),
            deviation.cells,
            outlier.runs,
            outlier.equals,
          ])}
        />
      )}
    </Section>
  );
}

function Groups({ comparison }: { comparison: GroupComparison }) {
  const { facet, reference, cells } = comparison;
  const significant = cells.filter((cell) => cell.significant);
  const shown = significant.slice(0, MOST_CELLS);
  return (
    <Section
      id={`by-${facet}`}
      title={`By ${TITLES[facet].toLowerCase()}`}
      lead={
        <>
          Against <b>{reference}</b>, with 95 % intervals over hosts.
        </>
      }
    >
      <Table
        label={`Groups by ${TITLES[facet].toLowerCase()}`}
        head={["Group", "Hosts", "Runs", "Overall", "95 %"]}
        rows={groupRows(comparison).map(({ name, hosts, runs, overall }) => [
          name,
          hosts,
          runs,
          overall ? change(overall.ratio) : "reference",
          overall ? intervalWords(overall) : "",
        ])}
      />
      <p>
        {cellsWords(comparison, true)}
        {shown.length < significant.length && `; the ${shown.length} largest changes are shown`}.
      </p>
      {shown.length > 0 && <Cells facet={facet} cells={shown} />}
    </Section>
  );
}

function Cells({ facet, cells }: { facet: Facet; cells: readonly GroupCell[] }) {
  return (
    <Table
      label={`Cells that differ by ${TITLES[facet].toLowerCase()}`}
      head={["Cell", "Group", "Change", "95 %", "Reference", "Group’s", "Hosts"]}
      rows={cells.map((cell) => [
        cell.id,
        cell.group,
        change(cell.ratio),
        intervalWords(cell),
        quantity(cell.reference, cell.unit),
        quantity(cell.estimate, cell.unit),
        cell.hosts.join(", "),
      ])}
    />
  );
}

function Hosts(
  { hosts, runs, search }: {
    hosts: readonly HostLevels[];
    runs: readonly FleetRun[];
    search: OutlierSearch;
  },
) {
  const newest = new Map<string, string>();
  for (const run of runs) {
    const before = newest.get(hostKey(run)) ?? "";
    if (run.startedAt > before) newest.set(hostKey(run), run.startedAt);
  }
  const odd = new Set(search.outliers.map(hostKey));
  return (
    <Section id="hosts" title="Hosts">
      <Table
        label="Table of all hosts"
        head={["Host", ...FACETS.map((facet) => TITLES[facet]), "Runs", "Newest", "Differs"]}
        rows={hosts.map((host) => [
          host.hostname,
          ...FACETS.map((facet) => host.groups[facet]),
          host.runs,
          newest.get(hostKey(host))!.slice(0, 10),
          odd.has(hostKey(host)) ? <a href="#outliers">yes</a> : "",
        ])}
      />
    </Section>
  );
}

/** The first column heads its row; figures are numbers or quantities, words the rest. */
function Table(
  { label, head, rows }: {
    label: string;
    head: readonly string[];
    rows: readonly (readonly ComponentChildren[])[];
  },
) {
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>{head.map((title) => <th scope="col">{title}</th>)}</tr>
        </thead>
        <tbody>
          {rows.map(([first, ...others]) => (
            <tr>
              <th scope="row">{first}</th>
              {others.map((cell) => <td class={typeof cell === "number" ? "num" : ""}>{cell}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
