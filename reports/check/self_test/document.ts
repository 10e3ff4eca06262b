/**
 * What the self-test found, as plain data and in words.
 *
 * @module
 */
import type { Host } from "../../../workloads/runner/document.ts";
import { presentable } from "../../../workloads/runner/foreign_text.ts";
import { span } from "../../html/model/format.ts";
import { type Column, plain, textTable } from "../../table.ts";
import { percentage } from "../words.ts";
import type { DriftResult } from "./drift.ts";
import type { Found, PlantedResult } from "./planted.ts";
import type { Tally, UnchangedResult } from "./unchanged.ts";

export interface SelfTestDocument {
  readonly schema: "ipc-taxonomy/self-test/1";
  readonly startedAt: string;
  readonly durationSeconds: number;
  readonly complete: boolean;
  readonly host: Pick<Host, "machineKey" | "kernel" | "cpuModel" | "cpus" | "virtualization">;
  readonly threshold: number;
  /** Null where the part was not asked for. */
  readonly unchanged: UnchangedResult | null;
  readonly planted: PlantedResult | null;
  readonly drift: readonly DriftResult[] | null;
}

export function selfTestText(document: SelfTestDocument): string {
  const { host, unchanged, planted, drift, threshold } = presentable(document);
  return [
    `Self-test on ${host.cpuModel}, ${host.cpus} CPUs, ${host.virtualization ?? "no"} ` +
    `virtualization, kernel ${host.kernel}; threshold ${percentage(threshold)}, ` +
    `${plain(span(document.durationSeconds))}${document.complete ? "" : ", interrupted"}`,
    ...(unchanged ? [unchangedText(unchanged)] : []),
    ...(planted ? [plantedText(planted)] : []),
    ...(drift ? [driftText(drift)] : []),
  ].join("\n\n");
}

function unchangedText({ quiet, loaded, falseShare, falseChecks, bound }: UnchangedResult): string {
  const rows = [{ kind: "quiet", ...quiet }, { kind: "under load", ...loaded }]
    .filter(({ checks }) => checks > 0);
  const columns: Column<Tally & { kind: string }>[] = [
    { title: "unchanged machine", left: true, text: ({ kind }) => kind },
    { title: "checks", text: ({ checks }) => String(checks) },
    { title: "inconclusive", text: ({ verdicts }) => String(verdicts.inconclusive ?? 0) },
    { title: "judged cells", text: ({ judgedCells }) => String(judgedCells) },
    { title: "suspects", text: ({ suspects }) => String(suspects) },
    { title: "false regressions", text: ({ falseRegressions }) => String(falseRegressions) },
    { title: "false improvements", text: ({ falseImprovements }) => String(falseImprovements) },
  ];
  const checks = quiet.checks + loaded.checks;
  const lines = [
    textTable(columns, rows),
    `False regressions: ${fine(falseShare.share)} of judged cells ` +
    `(95 %: ${range(falseShare.interval)})`,
    `Checks with any: ${falseChecks.checks} of ${checks} (95 %: ${range(falseChecks.interval)})`,
  ];
  if (falseChecks.checks === 0 && checks > 0) {
    lines.push(`${checks} checks without one bound their rate at ${fine(bound)} and no lower`);
  }
  return lines.join("\n");
}

function plantedText({ found, smallest, takenAway }: PlantedResult): string {
  const columns: Column<Found>[] = [
    { title: "planted delay", text: ({ share }) => percentage(share) },
    { title: "kind", left: true, text: ({ kind }) => kind },
    { title: "found", text: ({ found, checks }) => `${found} of ${checks}` },
    { title: "95 %", left: true, text: ({ interval }) => range(interval) },
    { title: "inconclusive", text: ({ inconclusive }) => String(inconclusive) },
    { title: "cell", left: true, text: ({ cell }) => cell },
  ];
  const reliable = Object.entries(smallest).map(([kind, share]) =>
    `Smallest slow-down found in 95 % of checks, ${kind}: ` +
    (share === null ? "none of these" : percentage(share))
  );
  return [
    textTable(columns, found),
    ...reliable,
    `Delay taken away: ${takenAway.improved} of ${takenAway.checks} called improved, ` +
    `${takenAway.calledRegressed} called regressed`,
  ].join("\n");
}

function driftText(results: readonly DriftResult[]): string {
  return results.map(({ what, checks, verdicts, moved, calledRegressed, refused }) => {
    if (refused !== null) return `Slowed by ${what}: not possible here, ${refused}`;
    const words = Object.entries(verdicts).map(([verdict, count]) => `${count} ${verdict}`);
    return `Slowed by ${what}: ${words.join(", ")} of ${checks} checks, ` +
      `${calledRegressed} cells called regressed; control rows that moved: ` +
      (moved.join(", ") || "none");
  }).join("\n");
}

function range([low, high]: readonly [number, number]): string {
  return `${fine(low)} – ${fine(high)}`;
}

function fine(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 0)} %`;
}
