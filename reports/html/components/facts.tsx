/**
 * The host, its limits, the suite's own cost, and what is to be said against the figures.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import type { Cell, Limit, RunDocument } from "../../../workloads/runner/document.ts";
import { type Missed, missingOf } from "../../missing.ts";
import { bytes, count, digits, moment, percent, quantity, span } from "../model/format.ts";
import { titled } from "../model/rows.ts";
import { type Titles, titlesFrom } from "../model/titles.ts";
import { Named, Scroll, Section } from "./parts.tsx";

function Facts({ facts }: { facts: [string, ComponentChildren][] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const PROFILES = { quick: "quick", standard: "standard", thorough: "thorough" };

/** What was measured where and when, in one glance. */
export function Masthead({ run }: { run: RunDocument }) {
  const { host, settings } = run;
  const trials = run.cells.flatMap((cell) =>
    cell.status === "measured" ? [cell.trials.length] : []
  );
  const [least, most] = [Math.min(...trials), Math.max(...trials)];
  const each = least === most ? `${most}` : `${least} to ${most}`;
  const extent = trials.length === 0
    ? "nothing"
    : `${count(trials.length, "cell")} of ${each} trials`;
  return (
    <Facts
      facts={[
        ["Host", host.hostname],
        ["Kernel", `${host.kernel} ${host.arch}`],
        ["Processor", `${host.cpuModel}, ${count(host.cpus, "CPU")}`],
        ["Machine", host.virtualization ? `virtual (${host.virtualization})` : "not virtual"],
        ["Measured", <time datetime={run.startedAt}>{moment(run.startedAt)}</time>],
        [
          "Extent",
          `${extent}, profile ${PROFILES[settings.profile]}, ${span(run.durationSeconds)}`,
        ],
      ]}
    />
  );
}

export function HostFacts({ run }: { run: RunDocument }) {
  const { host, tool, calibration, settings } = run;
  const { cgroup } = host;
  const cores = new Set(host.topology.map((cpu) => `${cpu.socket}/${cpu.core}`)).size;
  const sockets = new Set(host.topology.map((cpu) => cpu.socket)).size;
  return (
    <>
      <h3>Machine</h3>
      <Facts
        facts={[
          ["Machine key", <code>{host.machineKey}</code>],
          ["CPUs", `${host.cpus} usable; ${count(cores, "core")} on ${count(sockets, "socket")}`],
          ["Memory", quantity(host.memoryBytes, "bytes")],
          ["Frequency governor", host.governor ?? "not shown by this host"],
          [
            "Turbo",
            host.turbo === null ? "not shown by this host" : host.turbo ? "on" : "off",
          ],
          ["Clock source", host.clockSource ?? "unknown"],
          ["Transparent huge pages", host.transparentHugePages ?? "unknown"],
          ["Load before the run", host.loadAverage.map((load) => load.toFixed(2)).join(", ")],
          [
            "Control group",
            cgroup.version === null
              ? "none"
              : `version ${cgroup.version}, CPU quota ${
                cgroup.cpuQuota === null ? "none" : cgroup.cpuQuota
              }, memory ${
                cgroup.memoryBytes === null ? "unlimited" : quantity(cgroup.memoryBytes, "bytes")
              }${cgroup.cpuset ? `, CPUs ${cgroup.cpuset}` : ""}`,
          ],
          ["Software", `ipc-taxonomy ${tool.version}, Deno ${tool.deno}, V8 ${tool.v8}`],
          ["Seed", String(settings.seed)],
          ["Label", run.label ?? "none"],
        ]}
      />
      {calibration && (
        <>
          <h3>The suite's own cost</h3>
          <p>
            Measured in this run, on this machine. Every figure in this report contains these costs.
          </p>
          <Facts
            facts={[
              ["Reading the clock", quantity(calibration.clockNs, "ns")],
              ["Least step of the clock", quantity(calibration.clockStepNs, "ns")],
              ["An empty FFI call", quantity(calibration.ffiCallNs, "ns")],
              ["A null system call", quantity(calibration.syscallNs, "ns")],
              ["Copying memory", quantity(calibration.memcpyBytesPerSecond, "bytes/s")],
            ]}
          />
        </>
      )}
      {Object.keys(host.mitigations).length > 0 && (
        <details>
          <summary>Mitigations of processor flaws</summary>
          <Facts facts={Object.entries(host.mitigations)} />
        </details>
      )}
    </>
  );
}

export function LimitTable({ limits }: { limits: readonly Limit[] }) {
  if (limits.length === 0) return <p>The run document names no limits.</p>;
  return (
    <Scroll label="Limits of this host">
      <table>
        <thead>
          <tr>
            <th scope="col">Limit</th>
            <th scope="col" class="num">Value</th>
            <th scope="col">Read from</th>
            <th scope="col">Raised by</th>
          </tr>
        </thead>
        <tbody>
          {limits.map((limit) => (
            <tr>
              <th scope="row">{limit.name}</th>
              <td class="num">
                <data value={String(limit.value)}>
                  {limit.unit === "bytes" && Number.isInteger(limit.value) && limit.value >= 0
                    ? bytes(limit.value)
                    : `${digits(limit.value)}${limit.unit ? ` ${limit.unit}` : ""}`}
                </data>
              </td>
              <td>
                <code>{limit.source}</code>
              </td>
              <td>{limit.raise ? <code>{limit.raise}</code> : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Cells without a figure, grouped by the reason. */
export function Missing(
  { cells, titles, status }: {
    cells: readonly Cell[];
    titles: Titles;
    status: Missed["status"];
  },
) {
  const groups = missingOf(cells, status);
  if (groups.length === 0) {
    return <p>{status === "failed" ? "No cell failed." : "Every cell could be measured."}</p>;
  }
  const title = status === "failed" ? "Cells that failed" : "Cells that cannot exist here";
  return (
    <Scroll label={title}>
      <table>
        <thead>
          <tr>
            <th scope="col">{status === "failed" ? "What happened" : "Why not"}</th>
            <th scope="col">Facilities</th>
            <th scope="col">Workloads</th>
            <th scope="col" class="num">Cells</th>
          </tr>
        </thead>
        <tbody>
          {groups.map(({ reason, cells }) => (
            <tr>
              <th scope="row" class="words">{reason}</th>
              <td>
                <ul class="plain">
                  {[...new Set(cells.map(({ facility }) => facility))].map((facility) => (
                    <li>
                      <Named facility={facility} label={titles.facility(facility)} />
                    </li>
                  ))}
                </ul>
              </td>
              <td class="words">
                {[...new Set(cells.map((cell) => titled(cell.workload)))].join(", ")}
              </td>
              <td class="num">{cells.length}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The section on what this host does not let the suite measure. */
export function Limits({ run }: { run: RunDocument }) {
  const failed = run.cells.filter(({ status }) => status === "failed").length;
  const titles = titlesFrom(run.facilities);
  return (
    <Section
      id="limits"
      title="Limits"
      lead="A facility is measured up to its limit on this host; nothing is cut off in silence."
    >
      <LimitTable limits={Object.values(run.host.limits)} />
      <h3>What could not be measured</h3>
      <Missing cells={run.cells} titles={titles} status="not-applicable" />
      <h3>{failed === 0 ? "Failures" : count(failed, "failure")}</h3>
      <Missing cells={run.cells} titles={titles} status="failed" />
    </Section>
  );
}

/** A warning as a sentence. */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?:]$/.test(begun) ? begun : `${begun}.`;
}

interface Said {
  /** The words of the first, and how many others differ from them in their numbers alone. */
  words: string;
  others: Set<string>;
  ids: Set<string>;
}

/** So many cells are named under one warning. */
const MOST_IDS = 40;

/** Warnings of cells and trials, those that differ in their numbers alone said once. */
function gathered(cells: readonly Cell[]): Said[] {
  const said = new Map<string, Said>();
  const keys = new Map<string, string>();
  for (const cell of cells) {
    const trials = cell.status === "measured" ? cell.trials : [];
    const words = [
      ...cell.warnings.map(({ text }) => text),
      ...trials.flatMap(({ marks = [] }) => marks).map(({ text }) => `a trial is suspect: ${text}`),
    ];
    for (const word of words) {
      const key = keys.get(word) ?? word.replace(/\d+(?:\.\d+)?/g, "0");
      keys.set(word, key);
      const known = said.get(key) ?? { words: word, others: new Set(), ids: new Set() };
      if (word !== known.words) known.others.add(word);
      known.ids.add(cell.id);
      said.set(key, known);
    }
  }
  return [...said.values()].sort((a, b) => b.ids.size - a.ids.size);
}

/** Warnings in words: of the run, then of its cells and trials. */
export function Warnings({ run }: { run: RunDocument }) {
  const said = gathered(run.cells);
  const named = titlesFrom(run.facilities);
  const titles = new Map(run.cells.map(({ id, facility }) => [id, named.facility(facility)]));
  const total = run.cells.filter((cell) => cell.status === "measured").length;
  if (run.warnings.length + said.length === 0 && run.complete) return <p>None.</p>;
  return (
    <ul class="warnings">
      {!run.complete && (
        <li>
          <strong>The run was interrupted.</strong> What was measured until then is shown.
        </li>
      )}
      {[...new Set(run.warnings.map(({ text }) => text))].map((text) => <li>{sentence(text)}</li>)}
      {said.map(({ words, others, ids }) => (
        <li>
          {sentence(words)}
          {others.size > 0 && <span class="detail block">And alike, with other numbers.</span>}
          <details>
            <summary>
              {count(ids.size, "cell")} ({percent(ids.size / Math.max(1, total))}{" "}
              of those measured): {shortList([...new Set([...ids].map((id) => titles.get(id)!))])}
            </summary>
            <ul class="ids">
              {[...ids].slice(0, MOST_IDS).map((id) => (
                <li>
                  <code>{id}</code>
                </li>
              ))}
              {ids.size > MOST_IDS && (
                <li>
                  and {count(ids.size - MOST_IDS, "cell")} more; the run document has them all.
                </li>
              )}
            </ul>
          </details>
        </li>
      ))}
    </ul>
  );
}

/** At most six names, and how many more there are. */
function shortList(names: readonly string[]): string {
  if (names.length <= 6) return names.join(", ");
  return `${names.slice(0, 5).join(", ")} and ${names.length - 5} others`;
}
