/**
 * `doctor`: what on this machine disturbs measuring, and what would help.
 *
 * @module
 */
import { type Command, InvalidArgumentError } from "commander";
import { bold, green, red, yellow } from "@std/fmt/colors";
import { examine, type Facts, type Finding, isDisturbed } from "../workloads/runner/doctor.ts";
import { gatherFacts } from "../workloads/runner/doctor_facts.ts";
import { presentable } from "../workloads/runner/foreign_text.ts";
import { Output } from "./output.ts";

/** Identifies the format of the JSON and its version. */
export const DOCTOR_SCHEMA_ID = "ipc-taxonomy/doctor/1";

/** The largest message of the standard plan. */
const LARGEST_SIZE = 1024 * 1024;

/** What `--json` writes. */
export interface Diagnosis {
  schema: typeof DOCTOR_SCHEMA_ID;
  verdict: "quiet" | "disturbed";
  findings: Finding[];
  facts: Facts;
}

export function define(command: Command, exit: (code: number) => void): void {
  command
    .option("--seconds <N>", "how long to watch the machine", positive, 1)
    .option("--json <FILE>", "the findings as JSON into FILE, - for stdout")
    .action(async ({ seconds, json }: { seconds: number; json?: string }) => {
      const output = await Output.open(json);
      const diagnosis = diagnosisOf(await gatherFacts(seconds, LARGEST_SIZE));
      output.text(describe(diagnosis));
      await output.finish(diagnosis);
      exit(diagnosis.verdict === "quiet" ? 0 : 3);
    });
}

export function diagnosisOf(facts: Facts): Diagnosis {
  const findings = examine(facts);
  return {
    schema: DOCTOR_SCHEMA_ID,
    verdict: isDisturbed(findings) ? "disturbed" : "quiet",
    findings,
    facts,
  };
}

/** What people read: what disturbs first, what is well last. */
export function describe(diagnosis: Diagnosis): string {
  const { verdict, findings, facts } = presentable(diagnosis);
  const of = (severity: Finding["severity"]) =>
    findings.filter((finding) => finding.severity === severity);
  const [bad, notes, good] = [of("disturbs"), of("note"), of("ok")];
  return [
    bold(facts.host.machineKey),
    "",
    ...bad.flatMap((finding) => paragraph(red("disturbs"), finding)),
    ...notes.flatMap((finding) => paragraph(yellow("note"), finding)),
    ...good.map(({ what }) => `${green("ok")}  ${what}`),
    "",
    verdict === "quiet"
      ? `Quiet: nothing disturbs measuring (${notes.length} notes)`
      : `Disturbed: ${bad.map(({ id }) => id).join(", ")}`,
  ].join("\n");
}

function paragraph(severity: string, { what, meaning, remedy }: Finding): string[] {
  return [
    `${severity}  ${what}`,
    ...(meaning ? [`    ${meaning}`] : []),
    ...(remedy ? [`    > ${remedy}`] : []),
    "",
  ];
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 3600) return number;
  throw new InvalidArgumentError("Give seconds, more than 0 and at most 3600.");
}
