// @gate alone

import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { describe, type Diagnosis, DOCTOR_SCHEMA_ID } from "../../cli/doctor.ts";
import { command } from "./command.ts";

const run = (...args: string[]) => command("doctor", ...args);

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
    assertEquals(stripAnsiCode(out).trimEnd(), stripAnsiCode(describe(diagnosis)));
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
