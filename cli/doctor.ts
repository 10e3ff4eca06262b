/**
 * `doctor`: what on this machine disturbs measuring, and what would help.
 *
 * @module
 */
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { bold, green, red, yellow } from "@std/fmt/colors";
import { examine, type Facts, type Finding, isDisturbed } from "../workloads/runner/doctor.ts";
import { gatherFacts } from "../workloads/runner/doctor_facts.ts";

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

/** Runs the command; returns its exit code: 0 quiet, 3 disturbed, 2 bad arguments. */
export async function doctor(args: readonly string[]): Promise<number> {
  const command = new Command("doctor")
    .description("Tells what on this machine disturbs measuring, and what would help")
    .option("--seconds <number>", "how long to watch the machine", positive, 1)
    .option("--json <file>", "write the findings as JSON; - for stdout")
    .exitOverride();
  try {
    command.parse(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const { seconds, json } = command.opts<{ seconds: number; json?: string }>();
  const diagnosis = diagnosisOf(await gatherFacts(seconds, LARGEST_SIZE));
  const say = json === "-" ? console.error : console.log;
  say(describe(diagnosis));
  if (json !== undefined) write(json, `${JSON.stringify(diagnosis, null, 2)}\n`);
  return diagnosis.verdict === "quiet" ? 0 : 3;
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
export function describe({ verdict, findings, facts }: Diagnosis): string {
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

/** Writes the file whole or not at all. */
function write(path: string, text: string): void {
  if (path === "-") return console.log(text.trimEnd());
  const part = `${path}.${Deno.pid}.part`;
  Deno.writeTextFileSync(part, text);
  Deno.renameSync(part, path);
}

function positive(text: string): number {
  const number = Number(text);
  if (number > 0 && number <= 3600) return number;
  throw new InvalidArgumentError("Give seconds, more than 0 and at most 3600.");
}
