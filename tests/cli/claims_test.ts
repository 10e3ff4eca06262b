// @gate alone

import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { CLAIMS_SCHEMA_ID, type ClaimsDocument } from "../../cli/claims.ts";
import { CLAIMS } from "../../workloads/claims/catalogue.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { lie } from "../workloads/claims/lies.ts";
import { command } from "./command.ts";

const claims = (...args: string[]) => command("claims", ...args);

Deno.test("what holds exits 0, with the evidence on stderr and the JSON on stdout", async () => {
  const args = ["--claim", "undelimited,handle", "--facility", "pipe,fifo", "--json", "-"];
  const { code, out, err } = await claims(...args);
  assertEquals(code, 0, err);
  const document: ClaimsDocument = JSON.parse(out);
  assertEquals(document.schema, CLAIMS_SCHEMA_ID);
  assert(document.complete);
  assertEquals(document.claims.map(({ id, facility, verdict }) => [id, facility, verdict]), [
    ["undelimited", "pipe", "holds"],
    ["undelimited", "fifo", "holds"],
    ["handle", "pipe", "holds"],
    ["handle", "fifo", "holds"],
  ]);
  assertEquals(document.properties.rows[0]?.cells["handle"]?.value, "descriptor");
  assertStringIncludes(err, "one, two, three");
});

Deno.test("a statement that fails exits 1 and shows what was expected and observed", async () => {
  const address = lie("stream-as-message");
  const { code, out } = await claims("--claim", "whole-message", "--facility", address);
  assertEquals(code, 1);
  const text = stripAnsiCode(out);
  assertMatch(text, /whole-message {2}✗ fails/);
  assertMatch(text, /expected .*not both/s);
  assertMatch(text, /observed .*dddd/s);
});

Deno.test("nothing judged is no success", async () => {
  const { code, err } = await claims("--claim", "peek", "--facility", "pipe");
  assertEquals(code, 3);
  assertMatch(err, /nothing was judged/);
});

Deno.test("unknown words exit 2 with the nearest that are known", async () => {
  const rows: [string[], RegExp][] = [
    [["--claim", "peak"], /no claim "peak".*peek/],
    [["--facility", "pip"], /no facility "pip".*pipe/],
    [["--facility", "./no_such.ts"], /Cannot load facility .*no_such\.ts/],
    [["--claims", "peek"], /unknown option '--claims'/],
  ];
  for (const [args, message] of rows) {
    const { code, err } = await claims(...args);
    assertEquals(code, 2, args.join(" "));
    assertMatch(err, message);
  }
});

Deno.test("the notes' slip is named politely, with the evidence", async () => {
  const args = ["--claim", "datagrams-are-messages", "--facility", "unix-stream,unix-datagram"];
  const { code, out } = await claims(...args);
  assertEquals(code, 0);
  const word = stripAnsiCode(out).split("A word on the notes")[1] ?? "";
  assertMatch(word, /seems to be a slip for stream sockets/);
  assertMatch(word, /UNIX stream socket, one read after three writes: one, two, three/);
  assertMatch(word, /UNIX datagram socket, one read after three writes: one,/);
});

Deno.test("list names every statement", async () => {
  const { out } = await command("list", "--json", "-");
  const listed: { claims: { id: string; statement: string }[] } = JSON.parse(out);
  assertEquals(listed.claims.map(({ id }) => id), CLAIMS.map(({ id }) => id));
});

Deno.test("bench --claims keeps the verdicts with the run", async () => {
  const args = ["--claims", "--facility", "pipe", "--workload", "round-trip", "--size", "1"];
  const { code, out, err } = await command(
    "bench",
    ...args,
    ...["--trials", "1", "--budget", "1s", "--no-store", "--no-report", "--json", "-"],
  );
  assertEquals(code, 0, err);
  const run = parseRun(out, "stdout");
  assertEquals(run.claims.map(({ id }) => id), CLAIMS.map(({ id }) => id));
  assertEquals(run.claims.filter(({ verdict }) => verdict === "fails"), []);
});
