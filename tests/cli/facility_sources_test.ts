import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { facilitySources } from "../../cli/facilities.ts";
import { BESIDE, LEAVES } from "../../facilities/taxonomy.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { command } from "./command.ts";

const OFFERED = [...LEAVES, ...BESIDE];
const ADDRESSES = [
  "npm:no-such-facility",
  "npm:no-such-facility@1.0.0",
  "NPM:no-such-facility",
  "jsr:@some/facility",
  "https://example.org/facility.ts",
  "http://127.0.0.1:9/facility.ts",
  "data:text/javascript,export const facility = 1",
  "blob:null/0",
  "node:fs",
];

Deno.test("facilities are ids and paths; addresses only where they are allowed", () => {
  const cwd = `file://${Deno.cwd()}`;
  const rows = [
    ["pipe", "pipe"],
    ["./a b#1.ts", `${cwd}/a%20b%231.ts`],
    ["/x/y.ts", "file:///x/y.ts"],
    ["file:///x/y.ts", "file:///x/y.ts"],
  ] as const;
  for (const [word, source] of rows) assertEquals(facilitySources([word], OFFERED), [source]);
  for (const word of ADDRESSES) {
    const { message } = assertThrows(() => facilitySources([word], OFFERED), InputError);
    assertStringIncludes(message, `Cannot load facility ${word}: it is not a path`);
    assertStringIncludes(message, "--allow-remote-facility");
    assertEquals(facilitySources([word], OFFERED, true), [new URL(word).href]);
  }
});

Deno.test("a command that is given an address loads nothing, and says which option would", async () => {
  for (const args of [["bench", "--no-store", "--no-report"], ["claims"]]) {
    const refused = await command(...args, "--facility", "npm:no-such-facility,pipe");
    assertEquals([refused.code, refused.out], [2, ""], refused.err);
    assertStringIncludes(refused.err, "--allow-remote-facility");
    // An address that needs no network, and is loaded all the same.
    const allowed = await command(...args, "--allow-remote-facility", "--facility", "node:fs");
    assertEquals([allowed.code, allowed.out], [2, ""], allowed.err);
    assertStringIncludes(allowed.err, "node:fs: it exports no facility");
  }
});
