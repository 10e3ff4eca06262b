import {
  assertEquals,
  assertGreater,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { relativeImports } from "../house.ts";
import { type Declared, declared, declaredBelow } from "./declared.ts";
import { eventually } from "../processes.ts";
import { tally } from "./junit.ts";

const ROOT = new URL("../../", import.meta.url);
const { test: TEST_OPTIONS } = JSON.parse(Deno.readTextFileSync(new URL("deno.json", ROOT)));

const GOOD = `Deno.test("good", () => {});\n`;
const BAD = `Deno.test("bad", () => {\n  throw new Error("EINVAL");\n});\n`;

/** A small project made of these files, in a folder that goes away with its scope. */
function project(files: Record<string, string>) {
  const folder = Deno.makeTempDirSync({ prefix: "ipc-taxonomy-gate-test-" });
  for (const name of ["tests", "tmp"]) Deno.mkdirSync(`${folder}/${name}`);
  const config = JSON.stringify({ test: TEST_OPTIONS });
  for (const [path, text] of Object.entries({ "deno.json": config, ...files })) {
    Deno.writeTextFileSync(`${folder}/${path}`, text);
  }
  new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", "deno.json"], cwd: folder }).outputSync();
  return { folder, [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }) };
}

/** The gate over the project in a folder, which is also where its temporary files go. */
function gate(folder: string, args: string[] = []): Deno.Command {
  const permissions = ["--allow-read", "--allow-write", "--allow-run", "--allow-env"];
  const config = new URL("deno.json", ROOT).pathname;
  const script = new URL("tests/gate/main.ts", ROOT).pathname;
  return new Deno.Command(Deno.execPath(), {
    args: ["run", `--config=${config}`, ...permissions, script, ...args],
    cwd: folder,
    env: { NO_COLOR: "1", TMPDIR: `${folder}/tmp` },
    stdout: "piped",
    stderr: "piped",
  });
}

/** Lets the gate judge a small project; returns its exit code and output. */
async function gateOf(files: Record<string, string>, args: string[] = []) {
  using made = project(files);
  const { code, stdout, stderr } = await gate(made.folder, args).output();
  const text = new TextDecoder().decode(stdout);
  return {
    code,
    text: text + new TextDecoder().decode(stderr),
    last: text.trimEnd().split("\n").at(-1),
  };
}

Deno.test("the gate passes a clean project", async () => {
  const { code, text, last } = await gateOf({ "tests/a_test.ts": GOOD });
  assertEquals({ code, last }, { code: 0, last: "1 passed, 0 failed" }, text);
  assertMatch(text, /^fmt: ok.*^lint: ok.*^check: ok.*^tests: ok/ms);
});

/** Each row: a fault, the file that has it, and the line that the gate prints about it. */
const faults: [string, Record<string, string>, string, RegExp][] = [
  ["bad form", { "a.ts": "export   const a=1\n" }, "1 passed, 1 failed", /a\.ts.*^fmt: FAILED/ms],
  [
    "lint",
    { "a.ts": "export const a: any = 1;\n" },
    "1 passed, 1 failed",
    /no-explicit-any.*^lint: FAILED/ms,
  ],
  [
    "a wrong type",
    { "a.ts": 'export const a: 1 = "1";\n' },
    "1 passed, 1 failed",
    /TS2322.*^check: FAILED/ms,
  ],
  ["a failing test", { "tests/b_test.ts": BAD }, "1 passed, 1 failed", /Error: EINVAL/],
  [
    "a leaked timer",
    { "tests/b_test.ts": 'Deno.test("leak", () => {\n  setTimeout(() => {}, 1e6);\n});\n' },
    "1 passed, 1 failed",
    /timer was started/,
  ],
  [
    "a leaked resource",
    {
      "tests/b_test.ts": 'Deno.test("leak", () => {\n  Deno.openSync("deno.json");\n});\n',
    },
    "1 passed, 1 failed",
    /file was opened/,
  ],
  [
    "a throwing module",
    { "tests/b_test.ts": 'throw new Error("top");\n' },
    "1 passed, 1 failed",
    /outside of the tests/,
  ],
  [
    "a failing step",
    {
      "tests/b_test.ts":
        'Deno.test("outer", async (t) => {\n  await t.step("inner", () => {\n    throw new Error("E");\n  });\n});\n',
    },
    "1 passed, 2 failed",
    /outer > inner|outer \.\.\. inner/,
  ],
];

for (const [fault, files, last, shown] of faults) {
  Deno.test(`the gate finds ${fault}`, async () => {
    const result = await gateOf({ "tests/a_test.ts": GOOD, ...files });
    assertEquals([result.code, result.last], [1, last], result.text);
    assertMatch(result.text, shown);
  });
}

Deno.test("the long tests end with the soak, which may fail", async () => {
  const files = {
    "tests/a_long_test.ts": `// @gate long\n\n${GOOD}`,
    "tests/b_test.ts": BAD,
    "deno.json": `{ "tasks": { "soak": "deno eval 'console.log(Deno.args); Deno.exit(1)'" } }\n`,
  };
  const { code, last, text } = await gateOf(files, ["--long"]);
  assertEquals([code, last], [1, "1 passed, 1 failed"], text);
  assertMatch(text, /^tests: ok.*"--for", "2m".*^soak: FAILED/ms);
  assertEquals(text.includes("fmt:"), false);
});

Deno.test("the gate does not pass when no test ran", async () => {
  const none = await gateOf({ "tests/a.ts": "export const a = 1;\n" });
  assertEquals([none.code, none.last], [1, "0 passed, 1 failed"], none.text);
  const ignored = await gateOf({ "tests/a_test.ts": 'Deno.test.ignore("later", () => {});\n' });
  assertEquals([ignored.code, ignored.last], [1, "0 passed, 1 failed"], ignored.text);
  assertStringIncludes(ignored.text, "no test ran");
  assertStringIncludes(ignored.text, "skipped: tests/a_test.ts: later");
  const long = await gateOf({ "tests/a_test.ts": GOOD }, ["--long"]);
  assertEquals([long.code, long.last], [1, "0 passed, 1 failed"], long.text);
});

Deno.test("a crash of the tests' process is a failure", async () => {
  const crash =
    `Deno.test("crash", () => {\n  Deno.exit = undefined!;\n  Deno.kill(Deno.pid, "SIGKILL");\n});\n`;
  const { code, last, text } = await gateOf({ "tests/a_test.ts": crash });
  assertEquals([code, last], [1, "0 passed, 1 failed"], text);
  assertStringIncludes(text, "failed outside of the tests");
});

/** A test that notes when it began and ended, and meanwhile waits until others have begun. */
function noting(name: string, ...others: string[]): string {
  return `const others: string[] = ${JSON.stringify(others)};
Deno.test("${name}", async () => {
  const note = (word: string) =>
    Deno.writeTextFileSync("notes", \`\${word} ${name}\\n\`, { append: true });
  note("begin");
  const deadline = performance.now() + 60_000;
  while (others.some((other) => !Deno.readTextFileSync("notes").includes(\`begin \${other}\\n\`))) {
    if (performance.now() > deadline) throw new Error("the others did not begin meanwhile");
    await new Promise((done) => setTimeout(done, 20));
  }
  note("end");
});
`;
}

Deno.test("files run side by side, and those that say so alone, after them", async () => {
  const sideBySide = navigator.hardwareConcurrency > 1;
  using made = project({
    "tests/a_test.ts": `// @gate alone\n\n${noting("alone")}`,
    "tests/d_long_test.ts": `// @gate long\n\n${noting("long")}`,
  });
  // Each part is a process of its own.
  for (const [name, other] of [["b", "c"], ["c", "b"]] as const) {
    Deno.mkdirSync(`${made.folder}/tests/${name}`);
    const text = sideBySide ? noting(name, other) : noting(name);
    Deno.writeTextFileSync(`${made.folder}/tests/${name}/${name}_test.ts`, text);
  }
  await new Deno.Command(Deno.execPath(), { args: ["fmt", "-q", "tests"], cwd: made.folder })
    .output();
  const { code, stdout } = await gate(made.folder).output();
  const text = new TextDecoder().decode(stdout);
  assertEquals([code, text.trimEnd().split("\n").at(-1)], [0, "3 passed, 0 failed"], text);
  const notes = Deno.readTextFileSync(`${made.folder}/notes`).trim().split("\n");
  assertEquals(notes.slice(0, -2).toSorted(), ["begin b", "begin c", "end b", "end c"]);
  assertEquals(notes.slice(-2), ["begin alone", "end alone"]);
});

Deno.test("amounts follow the extent that a file runs in", async () => {
  const extent = Deno.readTextFileSync(new URL("tests/extent.ts", ROOT));
  const files = {
    "tests/extent.ts": extent,
    "tests/a_test.ts": `// @gate both

import { amount } from "./extent.ts";

Deno.test(\`amount \${amount(1, 100)}\`, () => {
  throw new Error("shown");
});
`,
  };
  assertStringIncludes((await gateOf(files)).text, "amount 1 ...");
  assertStringIncludes((await gateOf(files, ["--long"])).text, "amount 100 ...");
});

/** Each row: the head of a test file, and what it declares. */
const DECLARATIONS: [string, readonly string[], boolean][] = [
  ["", ["short"], false],
  ["// @gate alone\n", ["short"], true],
  ["import a from 'b';\n// @gate both alone\n", ["short", "long"], true],
];

Deno.test("a test file declares when it runs", () => {
  for (const [text, extents, alone] of DECLARATIONS) {
    const path = "tests/cli/a_test.ts";
    assertEquals(declared(path, text), { path, part: "tests/cli", extents, alone });
  }
  const path = "tests/cli/a_long_test.ts";
  const long: Declared = { path, part: "tests/cli", extents: ["long"], alone: true };
  assertEquals(declared(path, "// @gate long alone\n"), long);
  assertThrows(() => declared(path, ""), SyntaxError, "_long_test.ts");
  for (
    const text of [
      "// @gate slow",
      "// @gate long",
      "// @gate long both",
      "// @gate long\n// @gate alone",
    ]
  ) {
    assertThrows(() => declared("tests/a_test.ts", text), SyntaxError, "tests/a_test.ts");
  }
});

Deno.test("a test file whose amounts depend on the extent runs in both", () => {
  const root = ROOT.pathname;
  const reach = new Map<string, boolean>();
  const asksForAmounts = (path: string): boolean => {
    if (path === "tests/extent.ts") return true;
    if (!path.startsWith("tests/") || path.startsWith("tests/gate/")) return false;
    const known = reach.get(path);
    if (known !== undefined) return known;
    reach.set(path, false);
    const imports = relativeImports({ path, text: Deno.readTextFileSync(root + path) });
    const asks = imports.some(asksForAmounts);
    reach.set(path, asks);
    return asks;
  };
  const files = declaredBelow("tests");
  assertGreater(files.filter(({ path }) => asksForAmounts(path)).length, 10);
  const wrong = files.filter(({ path, extents }) => asksForAmounts(path) !== (extents.length > 1));
  assertEquals(wrong.map(({ path, extents }) => `${path}: ${extents}`), []);
});

Deno.test("with arguments the gate runs those tests alone", async () => {
  const files = { "tests/a_test.ts": GOOD, "tests/b_test.ts": BAD, "a.ts": "export   const a=1\n" };
  const { code, last, text } = await gateOf(files, ["--", "tests/a_test.ts"]);
  assertEquals([code, last], [0, "1 passed, 0 failed"], text);
  assertEquals(text.includes("fmt:"), false);
});

Deno.test("a JUnit report is counted case by case", () => {
  const report = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="5" failures="1" errors="1" time="3.000">
  <testsuite name="./a_test.ts" tests="3" disabled="1" errors="0" failures="1">
    <testcase name="ok" classname="./a_test.ts" time="0.500" line="1" col="6">
    </testcase>
    <testcase name="bad" classname="./a_test.ts" time="0.250" line="2" col="6">
      <failure message="Uncaught Error">&lt;skipped/&gt;</failure>
    </testcase>
    <testcase name="later" classname="./a_test.ts" time="0.000" line="3" col="6">
      <skipped/>
    </testcase>
  </testsuite>
  <testsuite name="./b_test.ts" tests="2" disabled="0" errors="1" failures="0">
    <testcase name="whole" classname="./b_test.ts" time="2.000" line="1" col="6">
      <error message="Cancelled"/>
    </testcase>
    <testcase name="whole &gt; part" classname="./b_test.ts" time="1.500" line="2" col="6">
    </testcase>
  </testsuite>
</testsuites>`;
  assertEquals(tally(report), {
    passed: 2,
    failed: 2,
    files: [
      { path: "a_test.ts", seconds: 0.75, passed: 1, failed: 1, skipped: ["later"] },
      { path: "b_test.ts", seconds: 2, passed: 1, failed: 1, skipped: [] },
    ],
  });
  assertEquals(tally(""), { passed: 0, failed: 0, files: [] });
});

Deno.test("a signal ends the tests of the moment, and the gate with them", async () => {
  const endless = `Deno.test("endless", async () => {
  Deno.writeTextFileSync("begun", "");
  await new Promise((done) => setTimeout(done, 1e8));
});
`;
  using made = project({
    "tests/a_test.ts": `// @gate both\n\n${endless}`,
    "deno.json": '{ "tasks": { "soak": "echo soaked" } }\n',
  });
  for (const args of [[], ["--long"], ["tests/a_test.ts"]]) {
    const process = gate(made.folder, args).spawn();
    const output = process.output();
    await eventually("a test that has begun", () => existsSync(`${made.folder}/begun`));
    process.kill("SIGTERM");
    const { code, stdout } = await output;
    const text = new TextDecoder().decode(stdout);
    assertEquals(code, 143, text);
    assertEquals(text.includes("soak:"), false, text);
    assertEquals([...Deno.readDirSync(`${made.folder}/tmp`)], []);
    Deno.removeSync(`${made.folder}/begun`);
  }
});

const ci = new URL(".ci/run", ROOT).pathname;

/** What `.ci/run` prints with an `npx` that runs this shell text for each task. */
async function ciOf(script: string) {
  const folder = Deno.makeTempDirSync({ prefix: "ipc-taxonomy-gate-test-" });
  try {
    Deno.writeTextFileSync(`${folder}/npx`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const { code, stdout } = await new Deno.Command("bash", {
      args: [ci],
      env: { PATH: `${folder}:${Deno.env.get("PATH")}`, TMPDIR: folder },
      stdout: "piped",
      stderr: "null",
    }).output();
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["npx"]);
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    return { code, last: lines.at(-1), totals: lines.filter((line) => TOTALS.test(line)) };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const TOTALS = /^\d+ passed, \d+ failed$/;

Deno.test("CI runs both tasks and closes with one line over both", async () => {
  const rows: [string, number, string][] = [
    [`echo "$4 5 passed"; echo "5 passed, 0 failed"`, 0, "10 passed, 0 failed"],
    [
      `case $4 in test) echo "5 passed, 2 failed"; exit 1;; *) echo "3 passed, 0 failed";; esac`,
      1,
      "8 passed, 2 failed",
    ],
    [
      `case $4 in test) echo "5 passed, 0 failed";; *) echo "crashed"; exit 4;; esac`,
      1,
      "5 passed, 1 failed",
    ],
    [`echo "0 passed, 0 failed"`, 1, "0 passed, 2 failed"],
    [`echo "5 passed, 0 failed"; exit 1`, 1, "10 passed, 2 failed"],
  ];
  for (const [script, code, last] of rows) {
    assertEquals(await ciOf(script), { code, last, totals: [last] }, script);
  }
});

function existsSync(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
