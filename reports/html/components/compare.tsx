/**
 * Two runs side by side.
 *
 * @module
 */
import type { Difference, RunFacts } from "../model/comparison.ts";
import { count, moment, quantity, times } from "../model/format.ts";
import { titled } from "../model/rows.ts";
import { Named, Scroll } from "./parts.tsx";

const FACTS: [keyof RunFacts, string][] = [
  ["startedAt", "Measured"],
  ["hostname", "Host"],
  ["machineKey", "Machine key"],
  ["cpuModel", "Processor"],
  ["kernel", "Kernel"],
  ["deno", "Deno"],
  ["profile", "Profile"],
  ["label", "Label"],
];

export function Facts({ from, to }: { from: RunFacts; to: RunFacts }) {
  return (
    <Scroll label="The two runs">
      <table class="pair">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Fact</span>
            </th>
            <th scope="col">From</th>
            <th scope="col">To</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Run</th>
            <td>
              <code>{from.id}</code>
            </td>
            <td>
              <code>{to.id}</code>
            </td>
          </tr>
          {FACTS.map(([name, title]) => (
            <tr key={name} class={from[name] === to[name] ? undefined : "differs"}>
              <th scope="row">{title}</th>
              {[from, to].map((facts) => (
                <td>
                  {name === "startedAt" ? moment(facts.startedAt) : facts[name] ?? "none"}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function Differences({ found, all }: { found: Difference[]; all: boolean }) {
  const shown = all ? found : found.filter(({ distinct }) => distinct);
  if (shown.length === 0) {
    return (
      <p>
        {found.length === 0
          ? "The two runs have no cell in common."
          : "No cell differs by more than its two intervals allow."}
      </p>
    );
  }
  return (
    <Scroll label="Cells that differ">
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col">Workload</th>
            <th scope="col" class="num">From</th>
            <th scope="col" class="num">To</th>
            <th scope="col" class="num">Change</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ cell, from, to, times: ratio, distinct }) => (
            <tr key={`${cell.workload} ${cell.label}`}>
              <th scope="row">
                <Named facility={cell.facility} label={cell.label} />
              </th>
              <td>{titled(cell.workload)}</td>
              <td class="num">{quantity(from[0], cell.unit)}</td>
              <td class="num">{quantity(to[0], cell.unit)}</td>
              <td class="num strong">{times(ratio >= 1 ? ratio : 1 / ratio)}</td>
              <td class={!distinct ? "detail" : ratio > 1 ? "bad" : "good"}>
                {!distinct ? "within the noise" : ratio > 1 ? "worse" : "better"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Which runs to compare, and how much of the outcome to list. */
export function CompareFilters({ runs }: { runs: readonly RunFacts[] }) {
  const name = (run: RunFacts) =>
    `${run.startedAt.slice(0, 16).replace("T", " ")} · ${run.hostname} · ${
      run.label ?? run.kernel
    }`;
  return (
    <form class="filters js-only" aria-label="Choices">
      {(["from", "to"] as const).map((end) => (
        <label class="filter" key={end}>
          <span>{end === "from" ? "From" : "To"}</span>
          <select name={end}>
            <option value="">
              {end === "from" ? "The run before the newest" : "The newest run"}
            </option>
            {[...runs].reverse().map((run) => (
              <option key={run.id} value={run.id}>{name(run)}</option>
            ))}
          </select>
        </label>
      ))}
      <label class="check">
        <input type="checkbox" name="all" /> Also what is within the noise
      </label>
      <button type="reset" hidden>Reset</button>
    </form>
  );
}

/** What came of a comparison, in a sentence. */
export function outcomeWords(found: readonly Difference[]): string {
  const distinct = found.filter((difference) => difference.distinct);
  const worse = distinct.filter(({ times }) => times > 1).length;
  return `Of ${count(found.length, "cell")} that both runs have, ${worse} became worse and ${
    distinct.length - worse
  } better by more than their two 95 % intervals allow.`;
}
