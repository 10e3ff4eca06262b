/**
 * Which facility to use, from this run's figures and claims; its reader sets the requirements.
 *
 * @module
 */
import { basisOf, WORKLOADS_USED } from "../../advise/basis.ts";
import { Requirements } from "../components/advice.tsx";
import type { AdviceData } from "../model/advice.ts";
import { ViewRoot } from "../views/views.tsx";
import { facilityPath, Heading, type Site, type SitePage } from "./page.tsx";

export function advisePage(site: Site): SitePage | null {
  const rows = site.rows.filter(({ workload }) => WORKLOADS_USED.has(workload));
  if (rows.length === 0) return null;
  const { obstacles, verdicts } = basisOf(site.run);
  const own = new Set(site.facilities);
  const advice: AdviceData = {
    facilities: site.declared,
    obstacles,
    verdicts,
    pages: Object.fromEntries(
      site.declared.flatMap(({ id }) => own.has(id) ? [[id, facilityPath(id)]] : []),
    ),
  };
  return {
    path: "advise.html",
    under: "advise.html",
    title: `Which facility, IPC on ${site.run.host.hostname}`,
    rows: { rows, detail: false },
    data: { advice },
    body: (
      <>
        <Heading title="Which facility?">
          <p class="lead">
            What will do is decided by what each facility declares of itself, and claims hold it to
            that by experiment; what is best, by what this run measured.
          </p>
        </Heading>
        <Requirements rows={rows} />
        <ViewRoot data={{ rows, advice }} view="advice" />
      </>
    ),
  };
}
