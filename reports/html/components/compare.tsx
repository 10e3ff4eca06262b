/**
 * Runs side by side.
 *
 * @module
 */
import {
  type Change,
  type ChangedCell,
  changedCells,
  type CompareData,
  type Pair,
  pairOf,
  type RunFacts,
} from "../model/comparison.ts";
import { moment, quantity, times } from "../model/format.ts";
import { titled } from "../model/rows.ts";
import { Named, Scroll } from "./parts.tsx";

/** The value of the run selects that stands for all runs. */
export const EVERY = "every";

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
/** What the facts of a pair call those that stand in the table anyway. */
const SAID = ["machine", "host", "kernel", "Deno", "profile"];

/** The runs in columns, whatever differs set off; of two runs all else that differs too. */
export function Facts({ runs, pair }: { runs: readonly RunFacts[]; pair?: Pair }) {
  const others = (pair?.facts ?? []).filter(({ fact }) => !SAID.includes(fact));
  return (
    <Scroll label="The runs">
      <table class="pair">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">Fact</span>
            </th>
            {runs.map((_, index) => (
              <th scope="col">
                {index === 0 ? "From" : runs.length === 2 ? "To" : `To ${index}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">Run</th>
            {runs.map(({ id }) => (
              <td>
                <code>{id}</code>
              </td>
            ))}
          </tr>
          {FACTS.map(([name, title]) => (
            <tr
              key={name}
              class={new Set(runs.map((run) => run[name])).size > 1 ? "differs" : undefined}
            >
              <th scope="row">{title}</th>
              {runs.map((facts) => (
                <td>
                  {name === "startedAt" ? moment(facts.startedAt) : facts[name] ?? "none"}
                </td>
              ))}
            </tr>
          ))}
          {others.map(({ fact, baseline, candidate }) => (
            <tr key={fact} class="differs">
              <th scope="row">{fact.charAt(0).toUpperCase() + fact.slice(1)}</th>
              <td>{baseline}</td>
              <td>{candidate}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** `1.31 × worse`. */
function changeWords([ratio]: Change): string {
  return ratio >= 1 ? `${times(ratio)} worse` : `${times(1 / ratio)} better`;
}

function kindOf([ratio, , , significant]: Change): string {
  return significant === 0 ? "detail" : ratio > 1 ? "bad" : "good";
}

function CellName({ cell }: { cell: ChangedCell["cell"] }) {
  return (
    <th scope="row">
      {cell.control ? cell.label : <Named facility={cell.facility} label={cell.label} />}
    </th>
  );
}

export function Differences(
  { data, pair, from, to, all }: {
    data: CompareData;
    pair: Pair;
    from: number;
    to: number;
    all: boolean;
  },
) {
  const shown = changedCells(data, pair).filter(({ change }) => all || change[3] === 1);
  if (shown.length === 0) return <p>No cell differs by more than its 95 % interval allows.</p>;
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
            <th scope="col" class="num">95 % interval</th>
            <th scope="col">Verdict</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ cell, change }) => {
            const [, low, high, significant] = change;
            return (
              <tr key={`${cell.workload} ${cell.label}`}>
                <CellName cell={cell} />
                <td>
                  {titled(cell.workload)}
                  {cell.control && <span class="detail">, control</span>}
                </td>
                <td class="num">{quantity(cell.estimates[from]!, cell.unit)}</td>
                <td class="num">{quantity(cell.estimates[to]!, cell.unit)}</td>
                <td class={`num strong ${kindOf(change)}`}>{changeWords(change)}</td>
                <td class="num interval">
                  {low === null || high === null
                    ? "too few trials"
                    : `${low.toFixed(2)} – ${times(high)}`}
                </td>
                <td class={kindOf(change)}>
                  {low === null
                    ? "not judged"
                    : significant === 1
                    ? "significant"
                    : "within the noise"}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Each of the other runs against one: the cells in which any of them differs. */
export function ManyDifferences(
  { data, from, all }: { data: CompareData; from: number; all: boolean },
) {
  const others = data.runs.map((_, index) => index).filter((index) => index !== from);
  const pairs = others.map((to) => pairOf(data, from, to));
  const rows = data.cells.map((cell, index) => ({
    cell,
    changes: pairs.map((pair) => pair?.changes[index] ?? null),
  })).filter(({ changes }) => changes.some((change) => change && (all || change[3] === 1)));
  const size = (changes: readonly (Change | null)[]) =>
    Math.max(
      ...changes.map((change) =>
        change && (all || change[3] === 1) ? Math.abs(Math.log(change[0])) : 0
      ),
    );
  rows.sort((a, b) => size(b.changes) - size(a.changes));
  if (rows.length === 0) return <p>No cell differs by more than its 95 % interval allows.</p>;
  return (
    <>
      <p class="lead">
        Each run against the first column; what is bold differs by more than its 95 % interval
        allows.
      </p>
      <Scroll label="Cells that differ in any of the runs">
        <table class="differences">
          <thead>
            <tr>
              <th scope="col">Series</th>
              <th scope="col">Workload</th>
              <th scope="col" class="num">From</th>
              {others.map((to, index) => (
                <th scope="col" class="num">
                  To {index + 1}
                  <span class="detail block">{data.runs[to]!.startedAt.slice(0, 10)}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ cell, changes }) => (
              <tr key={`${cell.workload} ${cell.label}`}>
                <CellName cell={cell} />
                <td>
                  {titled(cell.workload)}
                  {cell.control && <span class="detail">, control</span>}
                </td>
                <td class="num">
                  {cell.estimates[from] === null ? "–" : quantity(cell.estimates[from]!, cell.unit)}
                </td>
                {changes.map((change) => (
                  <td
                    class={`num ${change ? kindOf(change) : ""} ${
                      change?.[3] === 1 ? "strong" : ""
                    }`}
                  >
                    {change ? changeWords(change) : "–"}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
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
            {end === "to" && runs.length > 2 && (
              <option value={EVERY}>Every other run, side by side</option>
            )}
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
