/**
 * The suite against native code: how much of a figure is the suite's own.
 *
 * @module
 */
import type { FidelityCell, FidelityGroup } from "../../../workloads/runner/fidelity_document.ts";
import { Named, Scroll, Section, Whisker } from "../components/parts.tsx";
import { bytes, count, moment, quantity, span } from "../model/format.ts";
import { titled } from "../model/rows.ts";
import type { Titles } from "../model/titles.ts";
import { Heading, type Site, type SitePage } from "./page.tsx";

type Measured = Extract<FidelityCell, { status: "measured" }>;

const TITLES: Readonly<Record<FidelityGroup, string>> = {
  blocking: "Round trip and hand-off that block",
  throughput: "Throughput that blocks",
  uncontended: "Uncontended locks and notifiers",
  spin: "Spinning across CPUs",
};

function seriesOf(cell: FidelityCell, titles: Titles): string {
  const parts = [titles.facility(cell.facility), cell.wait];
  if (cell.sizeBytes !== undefined) parts.push(bytes(cell.sizeBytes));
  return [...parts, cell.placement].filter((word) => word).join(" · ");
}

function Group(
  { cells, titles, title }: { cells: readonly Measured[]; titles: Titles; title: string },
) {
  const bounds = [1, ...cells.flatMap((cell) => [cell.ratio, ...cell.ratioCi95])];
  const from = Math.min(...bounds.filter((bound) => bound > 0)) / 1.02;
  const to = Math.max(...bounds) * 1.02;
  const extra = cells.some((cell) => cell.extraNsPerCall !== undefined);
  return (
    <Scroll label={`${title}: suite against native code`}>
      <table class="fidelity">
        <thead>
          <tr>
            <th scope="col">Cell</th>
            <th scope="col">Workload</th>
            <th scope="col" class="num">Native</th>
            <th scope="col" class="num">Suite</th>
            <th scope="col" class="num">Ratio</th>
            <th scope="col" class="num">95 % interval</th>
            <th scope="col" class="whisker-cell">
              <span class="unit">log scale, line at 1</span>
            </th>
            {extra && <th scope="col" class="num">More a call</th>}
            <th scope="col">Goal</th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => (
            <tr data-cell={cell.id}>
              <th scope="row">
                <Named facility={cell.facility} label={seriesOf(cell, titles)} />
              </th>
              <td>{titled(cell.workload)}</td>
              <td class="num">{quantity(cell.nativeNs, "ns")}</td>
              <td class="num">{quantity(cell.suiteNs, "ns")}</td>
              <td class="num strong">
                <data value={String(cell.ratio)}>{cell.ratio.toFixed(3)}</data>
              </td>
              <td class="num interval">
                {cell.ratioCi95[0].toFixed(3)} – {cell.ratioCi95[1].toFixed(3)}
              </td>
              <td class="whisker-cell">
                <Whisker
                  value={cell.ratio}
                  interval={cell.ratioCi95}
                  from={from}
                  to={to}
                  width={180}
                  mark={1}
                />
              </td>
              {extra && (
                <td class="num">
                  {cell.extraNsPerCall === undefined
                    ? "–"
                    : `${cell.extraNsPerCall.toFixed(1)}\u00a0ns`}
                </td>
              )}
              <td class={cell.reached ? "good" : "bad"}>
                {cell.goal.kind === "ratio"
                  ? `≤ ${cell.goal.most.toFixed(2)}`
                  : `≤ ${cell.goal.most} ns more`} {cell.reached ? "reached" : "missed"}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

export function fidelityPage({ fidelity, titles }: Site): SitePage | null {
  if (!fidelity) return null;
  const { cells, groups, perf, compiler, warnings } = fidelity;
  const measured = cells.filter((cell) => cell.status === "measured");
  const others = cells.filter((cell) => cell.status !== "measured");
  const reached = measured.filter((cell) => cell.reached).length;
  const logs = measured.reduce((sum, cell) => sum + Math.log(cell.ratio), 0);
  const mean = Math.exp(logs / Math.max(1, measured.length));
  return {
    path: "fidelity.html",
    under: "fidelity.html",
    title: `Fidelity, IPC on ${fidelity.host.hostname}`,
    body: (
      <>
        <Heading title="Fidelity">
          <p class="verdict-text">
            Does the suite measure the kernel or itself? Of {count(measured.length, "cell")},{" "}
            {reached}{" "}
            reach their goal against native code doing the same work; over all of them the suite
            takes {mean.toFixed(3)} times as long, as a geometric mean.
          </p>
          <p class="lead">
            Both sides ran in alternating rounds with the same placement, sizes, counts and clock,
            on {moment(fidelity.startedAt)}, for {span(fidelity.durationSeconds)}. Native code by
            {" "}
            {compiler}. {perf
              ? `Its pipe round trip takes ${perf.ratio.toFixed(3)} times as long as that of ` +
                `perf bench sched pipe (${perf.version}).`
              : "It was not held against perf bench sched pipe, which is not installed here."}
            {!fidelity.complete && " The comparison was interrupted."}
          </p>
          <p>
            <a href="data/fidelity.json" download>The comparison as JSON</a>
          </p>
        </Heading>
        {groups.map(({ group, reached, cells: number, geometricMean, worst }) => (
          <Section
            id={group}
            title={TITLES[group]}
            lead={`${reached} of ${number} reach their goal; geometric mean ${
              geometricMean.toFixed(3)
            }, worst ${worst.ratio.toFixed(3)}.`}
          >
            <Group
              cells={measured.filter((cell) => cell.group === group)}
              titles={titles}
              title={TITLES[group]}
            />
          </Section>
        ))}
        {(others.length > 0 || warnings.length > 0) && (
          <Section id="said" title="What is to be said against it">
            <ul class="warnings">
              {warnings.map((warning) => <li>{warning}</li>)}
              {others.map((cell) => (
                <li>
                  <Named facility={cell.facility} label={seriesOf(cell, titles)} />,{" "}
                  {titled(cell.workload).toLowerCase()}:{" "}
                  {cell.status === "failed" ? "failed" : "not applicable"}; {cell.reason}
                </li>
              ))}
            </ul>
          </Section>
        )}
      </>
    ),
  };
}
