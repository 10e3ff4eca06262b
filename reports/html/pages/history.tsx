/**
 * All runs of this machine over time.
 *
 * @module
 */
import { count } from "../model/format.ts";
import { titled } from "../model/rows.ts";
import { ViewRoot } from "../views/views.tsx";
import { Heading, type Site, type SitePage } from "./page.tsx";

export function historyPage(site: Site): SitePage | null {
  const { history } = site;
  if (history.runs.length < 2) return null;
  const workloads = [...new Set(history.lines.map((line) => line.workload))];
  return {
    path: "history.html",
    under: "history.html",
    title: `History, IPC on ${site.run.host.hostname}`,
    data: { history },
    body: (
      <>
        <Heading title="History">
          <p class="lead">
            {count(history.runs.length, "run")} of the machine{" "}
            <code>{site.run.host.machineKey}</code>
            {site.strangers > 0 &&
              ` (${count(site.strangers, "run")} of other machines left out)`}. The best series of
            each facility, at the place where the newest run ranks it.
          </p>
        </Heading>
        <form class="filters js-only" aria-label="Choices">
          <label class="filter">
            <span>Workload</span>
            <select name="workload">
              {workloads.map((id, index) => (
                <option value={index === 0 ? "" : id}>{titled(id)}</option>
              ))}
            </select>
          </label>
          <button type="reset" hidden>Reset</button>
        </form>
        <h2 class="hidden">Trend</h2>
        <ViewRoot data={{ rows: [], history }} view="history" />
      </>
    ),
  };
}
