/**
 * The newest runs against each other.
 *
 * @module
 */
import { CompareFilters } from "../components/compare.tsx";
import { count } from "../model/format.ts";
import { ViewRoot } from "../views/views.tsx";
import { Heading, type Site, type SitePage } from "./page.tsx";

export function comparePage(site: Site): SitePage | null {
  const { compare } = site;
  if (compare.runs.length < 2) return null;
  return {
    path: "compare.html",
    under: "compare.html",
    title: `Compare, IPC on ${site.run.host.hostname}`,
    data: { compare },
    body: (
      <>
        <Heading title="Compare">
          <p class="lead">
            The newest {count(compare.runs.length, "run")} side by side, as{" "}
            <code>deno task compare</code>{" "}
            prints them: only trials that were made in the same state of the machine are held
            against each other. Intervals are not corrected for their number, so some cells differ
            by chance; <code>deno task check</code> is what judges, with a known false-alarm rate.
          </p>
        </Heading>
        <CompareFilters runs={compare.runs} />
        <ViewRoot data={{ rows: [], compare }} view="compare" />
      </>
    ),
  };
}
