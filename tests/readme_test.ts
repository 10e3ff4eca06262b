// @gate alone

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { COMMANDS } from "../cli/program.ts";
import { parseRun } from "../workloads/runner/run_file.ts";
import { command } from "./cli/command.ts";
import { ROOT } from "./paths.ts";

const readme = await Deno.readTextFile(`${ROOT}/README.md`);

Deno.test("the README shows the example facility as it is, and it is short", async () => {
  const example = await Deno.readTextFile(`${ROOT}/examples/my_ring.ts`);
  assertStringIncludes(readme, example.trim());
  assert(example.split("\n").length < 80);
});

Deno.test("the example facility is measured beside a pipe", async () => {
  const { code, out, err } = await command(
    ...["bench", "--facility", `${ROOT}/examples/my_ring.ts,pipe`, "--workload", "round-trip"],
    ...["--size", "64", "--placement", "unpinned", "--trials", "1", "--budget", "10s"],
    ...["--no-report", "--no-store", "--json", "-"],
  );
  assertEquals(code, 0, err);
  const run = parseRun(out, "stdout");
  const cells = run.cells.filter(({ control }) => !control);
  assertEquals(run.facilities.map(({ title }) => title), ["My mailbox", "Pipe"]);
  assertStringIncludes(err, "My mailbox");
  assertEquals(cells.map(({ facility, status }) => `${facility} ${status}`), [
    "my-ring measured",
    "pipe measured",
  ]);
});

Deno.test("the README names every command, and no other", () => {
  const named = [...readme.matchAll(/^\| `deno task ([a-z]+)[^`]*`/gm)].map(([, name]) => name);
  assertEquals(named.sort(), Object.keys(COMMANDS).sort());
});

Deno.test("every command has a task, and its help says what it does", async () => {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${ROOT}/deno.json`));
  for (const [name, { summary }] of Object.entries(COMMANDS)) {
    assertStringIncludes(tasks[name], `cli/task.ts ${name}`);
    const { code, out } = await command(name, "--help");
    assertEquals(code, 0);
    assertStringIncludes(out.replace(/\s+/g, " "), summary.slice(0, 40));
  }
});

Deno.test("the README's workflow calls commands that there are, with options that they have", async () => {
  const workflow = /```yaml\n([\s\S]*?)```/.exec(readme)![1]!.replaceAll(
    /(?<=[^;])\n +(?=--)/g,
    " ",
  );
  const calls = [...workflow.matchAll(/deno task ([a-z]+)([^;\n]*)/g)];
  assert(calls.length >= 4, workflow);
  for (const [, name = "", words = ""] of calls) {
    const { out } = await command(name, "--help");
    for (const [option] of words.matchAll(/--[a-z-]+/g)) {
      assert(new RegExp(`${option}\\b`).test(out), `${name} has no ${option}`);
    }
  }
});
