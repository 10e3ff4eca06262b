/**
 * A check as GitHub's workflow commands: annotations on the job.
 *
 * @see {@link https://docs.github.com/actions/reference/workflow-commands-for-github-actions}
 * @module
 */
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { workflowCommand } from "../media.ts";
import type { CheckDocument } from "./document.ts";
import { change, figures, interval, verdictWords } from "./words.ts";

/** GitHub shows 10 annotations of each kind a step. */
const MOST = 9;

/** Lines for stdout; GitHub takes them off it. */
export function githubAnnotations(checked: CheckDocument): string[] {
  const document = presentable(checked);
  const { verdict, regressed, improved } = document;
  const cells = regressed.slice(0, MOST).map((cell) =>
    workflowCommand(
      "error",
      "IPC regression",
      `${cell.id}: ${change(cell.ratio)} (95 % ${interval(cell.interval)}), ${figures(cell)}`,
    )
  );
  const faster = improved.slice(0, MOST).map((cell) =>
    workflowCommand(
      "notice",
      "IPC improvement",
      `${cell.id}: ${change(cell.ratio)}, ${figures(cell)}`,
    )
  );
  const kind = { pass: "notice", improved: "notice", regressed: "error", inconclusive: "warning" };
  return [...cells, ...faster, workflowCommand(kind[verdict], "IPC check", verdictWords(document))];
}
