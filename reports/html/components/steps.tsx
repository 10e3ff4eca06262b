/**
 * The steps that were found in a history, newest first.
 *
 * @module
 */
import { moment, quantity, times } from "../model/format.ts";
import { type HistoryData, worse } from "../model/trend.ts";
import { Named, Scroll } from "./parts.tsx";

export function Steps({ data, workload }: { data: HistoryData; workload: string }) {
  const steps = data.lines.filter((line) => line.workload === workload)
    .flatMap((line) => line.steps.map((step) => ({ line, step })))
    .sort((a, b) => b.step.at - a.step.at);
  if (steps.length === 0) return <p>No step was found in this workload.</p>;
  return (
    <Scroll label="Steps">
      <table>
        <thead>
          <tr>
            <th scope="col">Since</th>
            <th scope="col">Series</th>
            <th scope="col" class="num">Before</th>
            <th scope="col" class="num">After</th>
            <th scope="col" class="num">Change</th>
            <th scope="col">Verdict</th>
            <th scope="col" class="num">p</th>
            <th scope="col">What else changed there</th>
          </tr>
        </thead>
        <tbody>
          {steps.map(({ line, step }) => {
            const ratio = worse(line, step);
            return (
              <tr key={`${line.key} ${step.at}`}>
                <td>{moment(data.runs[step.at]!.startedAt)}</td>
                <th scope="row">
                  <Named facility={line.facility} label={line.label} />
                </th>
                <td class="num">{quantity(step.before, line.unit)}</td>
                <td class="num">{quantity(step.after, line.unit)}</td>
                <td class="num strong">{times(ratio >= 1 ? ratio : 1 / ratio)}</td>
                <td class={ratio > 1 ? "bad" : "good"}>{ratio > 1 ? "worse" : "better"}</td>
                <td class="num">{step.p.toFixed(3)}</td>
                <td>{step.with.join(", ") || "nothing that the runs record"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
}
