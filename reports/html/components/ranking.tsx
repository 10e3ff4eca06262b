/**
 * The ranking of one workload as a table.
 *
 * @module
 */
import { columnFormat, commonScale, list, times } from "../model/format.ts";
import { measureOf } from "../model/charts.ts";
import type { Ranking } from "../model/ranking.ts";
import { placementWords, type Row, tailOf } from "../model/rows.ts";
import { Named, Scroll, Whisker } from "./parts.tsx";

/** A column of figures in one unit, so that they can be read against each other. */
function column(values: (number | undefined)[], unit: Row["unit"]) {
  const known = values.filter((value) => value !== undefined);
  const scale = commonScale(known, unit);
  return { unit: scale.label, text: columnFormat(known, scale), empty: known.length === 0 };
}

export function RankingTable(
  { ranking, title, focus }: {
    ranking: Ranking;
    title: string;
    /** The facility whose rows stand out. */
    focus?: string;
  },
) {
  const { places } = ranking;
  const sample = places[0]?.row;
  if (!sample) return <p>Nothing was measured here.</p>;
  const figures = column(
    places.flatMap(({ row }) => [row.estimate, row.ci95[0], row.ci95[1]]),
    sample.unit,
  );
  const tail = tailOf(places.map(({ row }) => row));
  const tails = column(places.map(({ row }) => row.percentiles?.[tail]), "ns");
  const costs = column(places.map(({ row }) => row.cpuNs), "ns");
  const bounds = places.flatMap(({ row }) => [...row.ci95, row.estimate]).filter((v) => v > 0);
  const from = Math.min(...bounds);
  const to = Math.max(...bounds, from * 1.01);
  const batched = places.some(({ row }) => row.batch && row.batch > 1);
  return (
    <>
      <h3 class="table-title">
        {title} {placementWords(ranking.slice.placement)}
        {ranking.at && `, ${ranking.at}`}{" "}
        <span class="detail">
          {ranking.slice.participants === "thread" ? "between threads" : "between processes"}
          {ranking.slice.awake ? ", CPUs kept awake" : ""};{" "}
          {sample.better === "lower" ? "less is better" : "more is better"}
        </span>
      </h3>
      <Scroll label={`Ranking: ${title} ${placementWords(ranking.slice.placement)}`}>
        <table class="ranking">
          <thead>
            <tr>
              <th scope="col" class="num">
                <abbr title="Rank; facilities whose intervals reach the leader's share one">#</abbr>
              </th>
              <th scope="col">Facility</th>
              <th scope="col" class="num">
                {measureOf(sample)} <span class="unit">{figures.unit}</span>
              </th>
              <th scope="col" class="num">
                95 % interval <span class="unit">{figures.unit}</span>
              </th>
              <th scope="col" class="whisker-cell">
                <span class="unit">log scale</span>
              </th>
              {!tails.empty && (
                <th scope="col" class="num">
                  {tail}
                  {batched && <sup>b</sup>} <span class="unit">{tails.unit}</span>
                </th>
              )}
              {!costs.empty && (
                <th scope="col" class="num">
                  CPU an operation <span class="unit">{costs.unit}</span>
                </th>
              )}
              <th scope="col" class="num">
                {ranking.baseline
                  ? `Against ${ranking.baseline}`
                  : sample.better === "lower"
                  ? "Times slower"
                  : "Times less"}
              </th>
            </tr>
          </thead>
          <tbody>
            {places.map(({ rank, label, row, times: ratio }) => (
              <tr
                key={label}
                data-cell={row.id || undefined}
                class={row.facility === focus ? "focus" : undefined}
              >
                <td class="num rank">{rank}</td>
                <th scope="row">
                  <Named facility={row.facility} label={label} />
                </th>
                <td class="num strong">
                  <data value={String(row.estimate)}>{figures.text(row.estimate)}</data>
                </td>
                <td class="num interval">
                  {row.sure === false
                    ? (
                      <>
                        too few trials<sup>t</sup>
                      </>
                    )
                    : (
                      <>
                        <data value={String(row.ci95[0])}>{figures.text(row.ci95[0])}</data>
                        {" – "}
                        <data value={String(row.ci95[1])}>{figures.text(row.ci95[1])}</data>
                      </>
                    )}
                </td>
                <td class="whisker-cell">
                  <Whisker
                    value={row.estimate}
                    interval={row.ci95}
                    from={from}
                    to={to}
                    width={132}
                  />
                </td>
                {!tails.empty && (
                  <td class="num">
                    {row.percentiles?.[tail] === undefined
                      ? "–"
                      : (
                        <data value={String(row.percentiles[tail])}>
                          {tails.text(row.percentiles[tail])}
                        </data>
                      )}
                  </td>
                )}
                {!costs.empty && (
                  <td class="num">
                    {row.cpuNs === undefined
                      ? "–"
                      : <data value={String(row.cpuNs)}>{costs.text(row.cpuNs)}</data>}
                  </td>
                )}
                <td class="num">{times(ratio)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {batched && (
        <p class="footnote">
          <sup>b</sup> Operations too short for one clock reading each are timed in batches; their
          {" "}
          {tail} is that of the batches' means.
        </p>
      )}
      {places.some(({ row }) => row.sure === false) && (
        <p class="footnote">
          <sup>t</sup>{" "}
          Too few trials for a 95 % interval: the run's budget ended first. Ranks and ratios of
          these rows are not to be relied on; the line shows the range of their trials.
        </p>
      )}
      {ranking.elsewhere.length > 0 && (
        <p class="footnote">
          Not measured at this size: {list(ranking.elsewhere)}.
        </p>
      )}
    </>
  );
}
