/**
 * Whether a run shows what it should, and where the curves of its round trips bend.
 *
 * @module
 */
import { type Check, checksOf } from "../../expected.ts";
import { type FacilityKnee, kneesOf } from "../../knee.ts";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { orderOf } from "../model/appearance.ts";
import { bytes, count } from "../model/format.ts";
import { placementWords, type Slice } from "../model/rows.ts";
import { type Titles, titlesFrom } from "../model/titles.ts";
import { Named, Scroll } from "./parts.tsx";

const SIGNS = { "as expected": "✓", unexpected: "✗", "not measured": "–" } as const;
const KINDS = {
  "as expected": "verdict verdict-holds",
  unexpected: "verdict verdict-fails",
  "not measured": "detail",
} as const;

/** `8 of 9 are as expected, 1 was not measured.` */
export function checkWords(checks: readonly Check[]): string {
  const number = (verdict: Check["verdict"]) =>
    checks.filter((check) => check.verdict === verdict).length;
  const judged = checks.length - number("not measured");
  const rest = number("not measured");
  return `${number("as expected")} of ${count(judged, "check")} ${
    judged === 1 ? "is" : "are"
  } as expected` + (rest > 0 ? `; ${rest} could not be made from this run` : "") + ".";
}

/** Each expectation, and what the run has to say of it. */
export function Checks({ run }: { run: RunDocument }) {
  return (
    <Scroll label="What the run should show">
      <table class="checks">
        <thead>
          <tr>
            <th scope="col">Statement</th>
            <th scope="col">Verdict</th>
            <th scope="col">Expected</th>
            <th scope="col">Observed</th>
          </tr>
        </thead>
        <tbody>
          {checksOf(run).map(({ id, statement, verdict, expected, observed, cells }) => (
            <tr data-check={id}>
              <th scope="row" class="words">{statement}</th>
              <td class={KINDS[verdict]}>
                <span aria-hidden="true">{SIGNS[verdict]}</span> {verdict}
              </td>
              <td class="words">{verdict === "not measured" ? "–" : expected}</td>
              <td class="words">
                {observed}
                {cells.length > 0 && (
                  <details>
                    <summary>{count(cells.length, "cell")}</summary>
                    <ul class="ids">
                      {cells.map((cell) => (
                        <li>
                          <code>{cell}</code>
                        </li>
                      ))}
                    </ul>
                  </details>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function KneeTable(
  { knees, titles, label }: { knees: readonly FacilityKnee[]; titles: Titles; label: string },
) {
  const sorted = [...knees].sort((a, b) =>
    orderOf(a.facility) - orderOf(b.facility) || titles.series(a).localeCompare(titles.series(b))
  );
  return (
    <Scroll label={label}>
      <table class="knees">
        <thead>
          <tr>
            <th scope="col">Series</th>
            <th scope="col" class="num">Knee at</th>
            <th scope="col" class="num">Growth before</th>
            <th scope="col" class="num">Growth after</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((each) => (
            <tr>
              <th scope="row">
                <Named facility={each.facility} label={titles.series(each)} />
              </th>
              <td class="num strong">
                {each.knee
                  ? <data value={String(each.knee.sizeBytes)}>{bytes(each.knee.sizeBytes)}</data>
                  : "none"}
              </td>
              <td class="num">{each.knee ? `size^${each.knee.slopeBefore.toFixed(2)}` : "–"}</td>
              <td class="num">{each.knee ? `size^${each.knee.slopeAfter.toFixed(2)}` : "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The knees in the usual slice, the others folded away; nothing where no curve has points enough. */
export function Knees({ run, usual }: { run: RunDocument; usual?: Slice }) {
  const groups = Map.groupBy(
    kneesOf(run),
    ({ placement, participants, awake }) =>
      `${placementWords(placement)}${participants === "thread" ? ", between threads" : ""}${
        awake ? ", CPUs kept awake" : ""
      }`,
  );
  const titles = titlesFrom(run.facilities);
  if (groups.size === 0) return <p>No curve of this run has five sizes or more.</p>;
  const isUsual = (knees: readonly FacilityKnee[]) =>
    usual === undefined ||
    knees[0]!.placement === usual.placement && knees[0]!.participants === usual.participants &&
      knees[0]!.awake === usual.awake;
  const sorted = [...groups].sort((a, b) => Number(isUsual(b[1])) - Number(isUsual(a[1])));
  return (
    <>
      {sorted.map(([words, knees], index) =>
        index === 0
          ? (
            <>
              <h3 class="table-title">Round trip {words}</h3>
              <KneeTable knees={knees} titles={titles} label={`Knees of the round trip ${words}`} />
            </>
          )
          : (
            <details>
              <summary>Round trip {words}</summary>
              <KneeTable knees={knees} titles={titles} label={`Knees of the round trip ${words}`} />
            </details>
          )
      )}
    </>
  );
}

export const CHECKS_LEAD =
  "What a run shows if it measured rightly: capacities that the kernel declares, and facilities " +
  "that share one path through it. A check that fails says to doubt the run before the facility.";
export const KNEES_LEAD =
  "Where the price of a message stops being that of the call and becomes that of its bytes: the " +
  "size at which two joined lines fit the logarithms best. Growth is the exponent of the size, 0 " +
  "where it does not matter and 1 where time grows with it.";
