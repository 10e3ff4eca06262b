/**
 * The raw data, to be taken away.
 *
 * @module
 */
import { presentable } from "../../../workloads/runner/foreign_text.ts";
import { Scroll } from "../components/parts.tsx";
import { count, moment } from "../model/format.ts";
import { Heading, type Site, type SitePage } from "./page.tsx";

export function dataPage(site: Site): SitePage {
  return {
    path: "data.html",
    under: "data.html",
    title: `Data, IPC on ${site.run.host.hostname}`,
    body: (
      <>
        <Heading title="Data">
          <p class="lead">
            Every figure on these pages is in the run documents, with every trial and every digit.
            They follow the schema{" "}
            <code>{site.run.schema}</code>; the CSV has one cell a line, its units in the heading.
            {site.count > site.recent.length &&
              ` Of ${count(site.count, "run")}, the newest ${site.recent.length} are here.`}
          </p>
        </Heading>
        <Scroll label="Runs">
          <table>
            <thead>
              <tr>
                <th scope="col">Run</th>
                <th scope="col">Measured</th>
                <th scope="col">Host</th>
                <th scope="col">Kernel</th>
                <th scope="col">Profile</th>
                <th scope="col" class="num">Cells</th>
                <th scope="col">Take</th>
              </tr>
            </thead>
            <tbody>
              {presentable(site.recent.toReversed()).map((run) => (
                <tr>
                  <th scope="row">
                    <code>{run.id}</code>
                    {run.label && <span class="detail block">{run.label}</span>}
                  </th>
                  <td>{moment(run.startedAt)}</td>
                  <td class="words">{run.host.hostname}</td>
                  <td class="words">{run.host.kernel}</td>
                  <td>{run.settings.profile}</td>
                  <td class="num">{run.cells.length}</td>
                  <td>
                    <a href={`data/${run.id}.json`} download>JSON</a>{" "}
                    <a href={`data/${run.id}.csv`} download>CSV</a>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </>
    ),
  };
}
