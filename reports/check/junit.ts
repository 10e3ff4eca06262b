/**
 * A check as JUnit XML: a test case for each cell, one for the control rows, one for the verdict.
 *
 * A cell that was not judged is skipped, and an inconclusive verdict is an error: no dashboard may
 * take either for a pass.
 *
 * Only what the schema of Jenkins' xUnit plugin has, junit-10.xsd: `testsuites` has no `skipped`.
 *
 * @see {@link https://github.com/testmoapp/junitxml}
 * @see {@link https://github.com/jenkinsci/xunit-plugin}
 * @module
 */
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { xml } from "../media.ts";
import type { CheckDocument } from "./document.ts";
import { change, figures, interval, judgedWords, subject, verdictWords } from "./words.ts";

interface Case {
  readonly group: string;
  readonly name: string;
  readonly outcome?: { readonly kind: "failure" | "error" | "skipped"; readonly message: string };
}

export function checkJunit(checked: CheckDocument): string {
  const document = presentable(checked);
  const cases = [...cellCases(document), controlCase(document), verdictCase(document)];
  const count = (kind: string) => cases.filter(({ outcome }) => outcome?.kind === kind).length;
  const counts = `tests="${cases.length}" failures="${count("failure")}" ` +
    `errors="${count("error")}"`;
  const attributes = `name="ipc-taxonomy check" ${counts} skipped="${count("skipped")}" ` +
    `timestamp="${xml(document.candidate.startedAt)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n` +
    `  <testsuite ${attributes}>\n${cases.map(testcase).join("")}` +
    `    <system-out>${xml(`${subject(document)}\n${judgedWords(document)}`)}</system-out>\n` +
    `  </testsuite>\n</testsuites>\n`;
}

function cellCases({ judged, notJudged, regressed }: CheckDocument): Case[] {
  const slower = new Map(regressed.map((cell) => [cell.id, cell]));
  return [
    ...judged.map((cell): Case => {
      const regression = slower.get(cell.id);
      if (!regression) return { group: cell.workload, name: cell.id };
      const message = `${change(regression.ratio)} (95 % ${interval(regression.interval)}, ` +
        `beyond ${regression.floor.toFixed(2)}), ${figures(regression)}`;
      return { group: cell.workload, name: cell.id, outcome: { kind: "failure", message } };
    }),
    ...notJudged.map(({ id, reason, kind }): Case => ({
      group: id.split("/")[0]!,
      name: id,
      outcome: { kind: kind === "failed" ? "error" : "skipped", message: reason },
    })),
  ];
}

function controlCase({ controls, controlsAgain }: CheckDocument): Case {
  const moved = [...controls, ...controlsAgain].filter((row) => row.moved);
  if (moved.length === 0) return { group: "machine", name: "control rows" };
  const message = `moved: ${[...new Set(moved.map(({ id }) => id))].join(", ")}`;
  return { group: "machine", name: "control rows", outcome: { kind: "error", message } };
}

function verdictCase(document: CheckDocument): Case {
  const common = { group: "machine", name: "verdict" };
  if (document.verdict !== "inconclusive") return common;
  return { ...common, outcome: { kind: "error", message: verdictWords(document) } };
}

function testcase({ group, name, outcome }: Case): string {
  const open = `    <testcase classname="${xml(group)}" name="${xml(name)}"`;
  if (!outcome) return `${open}/>\n`;
  return `${open}>\n      <${outcome.kind} message="${xml(outcome.message)}"/>\n    </testcase>\n`;
}
