import process from "node:process";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { LEAVES } from "../../facilities/taxonomy.ts";
import { describe, type Diagnosis, doctor, DOCTOR_SCHEMA_ID } from "../../cli/doctor.ts";

// What a facility opens of the C library stays open.
await Promise.all(LEAVES.map(({ load }) => load()));

/** Runs the command with what it prints held back. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const kept = { log: console.log, error: console.error, write: process.stderr.write };
  const [out, err]: string[][] = [[], []];
  console.log = (text: string) => out!.push(text);
  console.error = (text: string) => err!.push(text);
  process.stderr.write = (text: string | Uint8Array) => err!.push(`${text}`) > 0;
  try {
    return { code: await doctor(args), out: out!.join("\n"), err: err!.join("\n") };
  } finally {
    console.log = kept.log;
    console.error = kept.error;
    process.stderr.write = kept.write;
  }
}

Deno.test("the exit code is the verdict's, and --json - leaves stdout to the JSON", async () => {
  const { code, out, err } = await run("--seconds", "0.01", "--json", "-");
  const diagnosis: Diagnosis = JSON.parse(out);
  assertEquals(diagnosis.schema, DOCTOR_SCHEMA_ID);
  const bad = diagnosis.findings.some(({ severity }) => severity === "disturbs");
  assertEquals(diagnosis.verdict, bad ? "disturbed" : "quiet");
  assertEquals(code, bad ? 3 : 0);
  for (const { what } of diagnosis.findings) assertStringIncludes(err, what);
});

Deno.test("--json FILE holds the same findings", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const { out } = await run("--seconds", "0.01", "--json", `${folder}/doctor.json`);
    const diagnosis = JSON.parse(await Deno.readTextFile(`${folder}/doctor.json`));
    assertEquals(stripAnsiCode(out), stripAnsiCode(describe(diagnosis)));
    assertEquals(Array.from(Deno.readDirSync(folder)).length, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("bad arguments exit 2 and name what was given", async () => {
  for (const args of [["--second", "1"], ["--seconds", "0"], ["--seconds", "x"], ["now"]]) {
    const { code, err } = await run(...args);
    assertEquals(code, 2, args.join(" "));
    assertMatch(err, /--second|too many arguments/, args.join(" "));
  }
});

Deno.test("what disturbs comes before notes, and notes before what is well", () => {
  const finding = { id: "x", meaning: "m", remedy: null };
  const findings = (["ok", "note", "disturbs"] as const).map((severity) => ({
    ...finding,
    severity,
    what: severity.toUpperCase(),
  }));
  const facts = { host: { machineKey: "Model x1" } } as Diagnosis["facts"];
  const text = describe({ schema: DOCTOR_SCHEMA_ID, verdict: "disturbed", findings, facts });
  assertMatch(stripAnsiCode(text), /^Model x1[^]*DISTURBS[^]*NOTE[^]*OK[^]*Disturbed: x$/);
});
