/**
 * A check as GitHub's workflow commands: annotations on the job.
 *
 * @see {@link https://docs.github.com/actions/reference/workflow-commands-for-github-actions}
 * @module
 */
import type { CheckDocument } from "./document.ts";
import { change, figures, interval, verdictWords } from "./words.ts";

/** GitHub shows 10 annotations of each kind a step. */
const MOST = 9;

/** Lines for stdout; GitHub takes them off it. */
export function githubAnnotations(document: CheckDocument): string[] {
  const { verdict, regressed, improved } = document;
  const cells = regressed.slice(0, MOST).map((cell) =>
    command(
      "error",
      "IPC regression",
      `${cell.id}: ${change(cell.ratio)} (95 % ${interval(cell.interval)}), ${figures(cell)}`,
    )
  );
  const faster = improved.slice(0, MOST).map((cell) =>
    command("notice", "IPC improvement", `${cell.id}: ${change(cell.ratio)}, ${figures(cell)}`)
  );
  const kind = { pass: "notice", improved: "notice", regressed: "error", inconclusive: "warning" };
  return [...cells, ...faster, command(kind[verdict], "IPC check", verdictWords(document))];
}

function command(name: string, title: string, message: string): string {
  return `::${name} title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
