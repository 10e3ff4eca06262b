/**
 * Which facility to use: the question as a form, the answer as tables.
 *
 * @module
 */
import type { Answer, Excluded, Ranked, Shown, Unmeasured } from "../../advise/answer.ts";
import { NEEDS, PATTERN_IDS, PATTERNS } from "../../advise/requirements.ts";
import {
  answerWords,
  basisWords,
  commandOf,
  needsWords,
  questionWords,
  rate,
  share,
  uncertainty,
} from "../../advise/words.ts";
import { bytes, quantity, times } from "../model/format.ts";
import { placementsIn, placementWords, type Row, sizesIn } from "../model/rows.ts";
import { Select } from "./filters.tsx";
import { Named, Scroll } from "./parts.tsx";

/** Requirements as switches; without a script the page answers the question that asks nothing. */
export function Requirements({ rows }: { rows: readonly Row[] }) {
  return (
    <form class="filters advice-question js-only" aria-label="Requirements">
      <Select
        name="pattern"
        label="Pattern"
        options={PATTERN_IDS.map((id, index) => [
          index === 0 ? "" : id,
          `${id.replaceAll("-", " ")}: ${PATTERNS[id].words}`,
        ])}
      />
      <Select
        name="size"
        label="Message size"
        usual="Usual"
        options={sizesIn(rows).map((size) => [String(size), bytes(size)])}
      />
      <Select
        name="placement"
        label="Placement"
        usual="Usual"
        options={placementsIn(rows).map((id) => [id, placementWords(id)])}
      />
      <Amount name="rate" label="At least, a second" most={1e12} />
      <Amount name="cpu" label="% of a CPU, at most" most={10_000} />
      <fieldset class="needs-switches">
        <legend>Needs</legend>
        {NEEDS.map(([id, words]) => (
          <label class="check" key={id}>
            <input type="checkbox" name="need" value={id} role="switch" />
            {words}
          </label>
        ))}
      </fieldset>
      <button type="reset" hidden>Reset</button>
    </form>
  );
}

function Amount({ name, label, most }: { name: string; label: string; most: number }) {
  return (
    <label class="filter">
      <span>{label}</span>
      <input type="number" name={name} min={1} max={most} step="any" placeholder="any" />
    </label>
  );
}

/** The whole answer. */
export function Advice(
  { answer, pages }: {
    answer: Answer;
    /** The page of each facility that has one. */
    pages: Readonly<Record<string, string>>;
  },
) {
  const { question, ranked, unmeasured, excluded } = answer;
  return (
    <>
      <h2>{questionWords(question)}</h2>
      {needsWords(question).length > 0 && (
        <ul class="needs-list">
          {needsWords(question).map((words) => <li key={words}>{words}</li>)}
        </ul>
      )}
      <p class="verdict-text" role="status">{answerWords(answer)}</p>
      {ranked.length > 0 && <Ranking answer={answer} pages={pages} />}
      {unmeasured.length > 0 && <WithoutFigure unmeasured={unmeasured} pages={pages} />}
      {excluded.length > 0 && <LeftOut excluded={excluded} pages={pages} />}
      <p class="footnote">
        On the command line, where what was not measured is measured:{" "}
        <code>{commandOf(question)}</code>
      </p>
    </>
  );
}

type Pages = Readonly<Record<string, string>>;

function Facility({ id, label, pages }: { id: string; label: string; pages: Pages }) {
  const named = <Named facility={id} label={label} />;
  const page = pages[id];
  return page ? <a class="quiet" href={page}>{named}</a> : named;
}

function Ranking({ answer, pages }: { answer: Answer; pages: Pages }) {
  const { ranked, question } = answer;
  const lower = ranked[0]!.better === "lower";
  const asked = question.perSecond !== undefined;
  return (
    <>
      <h3 class="table-title">
        {basisWords(answer)}{" "}
        <span class="detail">{lower ? "less is better" : "more is better"}</span>
      </h3>
      <Scroll label="Facilities that will do">
        <table class="ranking advice">
          <thead>
            <tr>
              <th scope="col" class="num">
                <abbr title="Rank; facilities whose intervals reach the leader's share one">#</abbr>
              </th>
              <th scope="col">Facility</th>
              <th scope="col" class="num">{lower ? "Time" : "Rate"}</th>
              <th scope="col" class="num">95 %</th>
              <th scope="col" class="num">{lower ? "Times slower" : "Times less"}</th>
              <th scope="col" class="num">CPU an operation</th>
              <th scope="col" class="num">At most</th>
              {asked && <th scope="col" class="num">Of a CPU</th>}
              <th scope="col">Limits and notes</th>
            </tr>
          </thead>
          <tbody>
            {ranked.map((each) => (
              <RankedRow each={each} asked={asked} pages={pages} key={each.label} />
            ))}
          </tbody>
        </table>
      </Scroll>
      {ranked.some(({ tie }) => tie) && (
        <p class="footnote">= a tie: its 95 % interval reaches that of the first of its rank.</p>
      )}
    </>
  );
}

function RankedRow({ each, asked, pages }: { each: Ranked; asked: boolean; pages: Pages }) {
  const { rank, tie, facility, label, unit, estimate, cpuNsPerOp, cpuShare, limits, notes } = each;
  return (
    <tr data-facility={facility}>
      <td class="num rank">{rank}{tie ? "\u00a0=" : ""}</td>
      <th scope="row">
        <Facility id={facility} label={label} pages={pages} />
      </th>
      <td class="num strong">
        <data value={String(estimate)}>{quantity(estimate, unit)}</data>
      </td>
      <td class="num interval">{uncertainty(each)}</td>
      <td class="num">{times(each.times)}</td>
      <td class="num">{cpuNsPerOp === undefined ? "–" : quantity(cpuNsPerOp, "ns")}</td>
      <td class="num">{rate(each.perSecond)}</td>
      {asked && <td class="num">{cpuShare === undefined ? "–" : share(cpuShare)}</td>}
      <td class="words detail">{[...limits, ...notes].join("; ")}</td>
    </tr>
  );
}

function WithoutFigure(
  { unmeasured, pages }: { unmeasured: readonly Unmeasured[]; pages: Pages },
) {
  return (
    <>
      <h3>Will do too, but has no figure</h3>
      <Scroll label="Facilities without a figure">
        <table class="without-figure">
          <thead>
            <tr>
              <th scope="col">Facility</th>
              <th scope="col">Why there is none</th>
            </tr>
          </thead>
          <tbody>
            {unmeasured.map(({ facility, title, reason }) => (
              <tr key={facility} data-facility={facility}>
                <th scope="row">
                  <Facility id={facility} label={title} pages={pages} />
                </th>
                <td class="words">{reason ?? "not measured in this run"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

function LeftOut({ excluded, pages }: { excluded: readonly Excluded[]; pages: Pages }) {
  return (
    <>
      <h3>Left out</h3>
      <Scroll label="Facilities that will not do">
        <table class="left-out">
          <thead>
            <tr>
              <th scope="col">Facility</th>
              <th scope="col">The reason</th>
              <th scope="col">Shown by</th>
            </tr>
          </thead>
          <tbody>
            {excluded.map(({ facility, title, reason, claim }) => (
              <tr key={facility} data-facility={facility}>
                <th scope="row">
                  <Facility id={facility} label={title} pages={pages} />
                </th>
                <td class="words">{reason}</td>
                <td>{claim ? <Evidence claim={claim} /> : "this run's figures"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

const VERDICTS: Readonly<Record<Shown["verdict"], readonly [text: string, kind: string]>> = {
  holds: ["holds", "good"],
  fails: ["fails here", "bad"],
  unknown: ["could not be tried here", "detail"],
  untried: ["not tried here", "detail"],
};

function Evidence({ claim: { id, verdict } }: { claim: Shown }) {
  const [text, kind] = VERDICTS[verdict];
  return (
    <>
      {id.replaceAll("-", " ")} <span class={`${kind} no-break`}>{text}</span>
    </>
  );
}
