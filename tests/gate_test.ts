import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { tally } from "./junit.ts";

const ROOT = new URL("../", import.meta.url);
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
  const permissions = ["--allow-read", "--allow-write", `--allow-run=${Deno.execPath()}`];
  const config = new URL("deno.json", ROOT).pathname;
  const script = new URL("tests/gate.ts", ROOT).pathname;
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
  assertMatch(text, /^fmt: ok.*^lint: ok.*^check: ok.*^test: ok/ms);
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
  [
    "a failing soak",
    {
      "deno.json": `{ "tasks": { "soak": "deno eval 'console.log(Deno.args); Deno.exit(1)'" } }\n`,
    },
    "1 passed, 1 failed",
    /"--for", "2m".*^soak: FAILED/ms,
  ],
];

for (const [fault, files, last, shown] of faults) {
  Deno.test(`the gate finds ${fault}`, async () => {
    const result = await gateOf({ "tests/a_test.ts": GOOD, ...files });
    assertEquals([result.code, result.last], [1, last], result.text);
    assertMatch(result.text, shown);
  });
}

Deno.test("the gate does not pass when no test ran", async () => {
  const none = await gateOf({ "tests/a.ts": "export const a = 1;\n" });
  assertEquals([none.code, none.last], [1, "0 passed, 1 failed"], none.text);
  const ignored = await gateOf({ "tests/a_test.ts": 'Deno.test.ignore("later", () => {});\n' });
  assertEquals([ignored.code, ignored.last], [1, "0 passed, 1 failed"], ignored.text);
  assertStringIncludes(ignored.text, "no test ran");
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
    ignored: 1,
    files: [{ path: "./b_test.ts", seconds: 2 }, { path: "./a_test.ts", seconds: 0.75 }],
  });
  assertEquals(tally(""), { passed: 0, failed: 0, ignored: 0, files: [] });
});

Deno.test("a signal ends the test of the moment, and the gate with it", async () => {
  const endless = `Deno.test("endless", async () => {
  console.log("begun");
  await new Promise((done) => setTimeout(done, 1e8));
});
`;
  using made = project({
    "tests/a_test.ts": endless,
    "deno.json": '{ "tasks": { "soak": "echo soaked" } }',
  });
  const process = gate(made.folder).spawn();
  const errors = process.stderr.cancel();
  let [text, told] = ["", false];
  for await (const part of process.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (told || !text.includes("begun")) continue;
    told = true;
    process.kill("SIGTERM");
  }
  await errors;
  assertEquals((await process.status).code, 143, text);
  assertEquals(text.includes("soak:"), false, text);
  assertEquals([...Deno.readDirSync(`${made.folder}/tmp`)], []);
});
