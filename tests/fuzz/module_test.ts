// @gate both alone

import { assert } from "@std/assert";
import fc from "fast-check";
import { planInput } from "../../cli/bench.ts";
import { UserError } from "../../workloads/runner/errors.ts";
import { makePlan, type Plan } from "../../workloads/runner/plan.ts";
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import { fuzz, orderly } from "./property.ts";
import { fullRun } from "./runs.ts";
import { hostileText } from "./values.ts";
import { watched } from "./watchdog.ts";

/** A facility's fields as the text of a module, each an expression. */
const FIELDS: Readonly<Record<string, string>> = {
  id: '"mine"',
  title: '"Mine"',
  summary: '"A facility of my own."',
  "origin.family": '"Linux"',
  "origin.source": '"mine.js"',
  "semantics.boundaries": '"message"',
  "semantics.identifier": '"none"',
  "semantics.handle": '"descriptor"',
  "semantics.accessibility": '"related-processes"',
  "semantics.persistence": '"process"',
  "semantics.pollable": "false",
  "semantics.order": '"sending"',
  "semantics.destructiveReads": "true",
  "semantics.emptyBlocks": "true",
  "semantics.whenFull": '"blocks"',
  "semantics.peek": "true",
  variants: '[{ id: "one", summary: "One." }, { id: "two", summary: "Two.", spins: true }]',
  limits: '() => [{ name: "most", value: 7, source: "here" }]',
  usualParticipants: '"process"',
  inapplicable: "() => null",
  remark: "() => null",
  "channel.create": "() => ({ link: {}, [Symbol.dispose]() {} })",
  "channel.attach": "() => ({ prepare() {}, outgoing() {}, send() {}, receive() {} })",
  "channel.variants": '["one"]',
  "channel.largestMessage": '() => ({ name: "most", value: 4096, source: "here" })',
  "channel.capacities": "() => [4096, 65536]",
  "channel.manyPeers": "true",
  "channel.lossy": "false",
  "notifier.create": "() => ({ link: {}, [Symbol.dispose]() {} })",
  "notifier.attach": "() => ({ post() {}, wait() {} })",
  region: "undefined",
  lock: "undefined",
};

const EXPRESSIONS = [
  ...["undefined", "null", "0", "-1", "NaN", "Infinity", "1e308", "1n", "true", "false", '""'],
  ...['"x"', '"a/b"', '"../../x"', '"control"', '"pipe"', '"thread"', '"stream"', "[]", "[[]]"],
  ...["[null]", "{}", "Symbol()", "Symbol.iterator", "() => {}", "() => 1", "() => ({})"],
  ...["() => []", "() => [{}]", "() => { throw 1 }", "() => { throw null }", "() => { throw {} }"],
  ...["() => { throw new Error('a\\nb') }", "() => Promise.resolve(1)", "async () => {}"],
  ...["function* () {}", "class {}", "new Date(NaN)", "/x/", "new Map()", "new Proxy({}, {})"],
  "new Proxy({}, { get() { throw 1 } })",
  "new Proxy(() => {}, { apply() { throw 1 } })",
  "Object.create(null)",
  "{ toString() { throw 1 } }",
  "{ get id() { throw 1 }, get create() { throw 1 } }",
  "{ length: 1e9 }",
  "new Array(1e6)",
  "new Uint8Array(4)",
  "'y'.repeat(1e6)",
  "globalThis",
  "() => [{ name: 'a', value: NaN, source: 'b' }]",
  "() => ({ name: 'a', value: 1, source: 5 })",
  "[{ id: 'one', summary: '' }, { id: 'one', summary: '' }]",
  "[{ id: 'a/b', summary: '' }]",
  "['none']",
] as const;

/** Texts of modules that are none, or none of a facility. */
const MODULES = [
  "",
  "export const facility = ",
  "export default {};",
  "export const facility = null;",
  "export const facility = undefined;",
  "export const facility = Promise.resolve({});",
  "export let facility; facility = facility;",
  "export const facility = facility;",
  "export function facility() {}",
  "export const facility: = 1;",
  "throw 1;",
  "throw null;",
  "throw undefined;",
  "throw Object.create(null);",
  "throw Symbol('no');",
  "throw new Error('one\\ntwo\\u001b[31m');",
  "throw { get message() { throw 1 } };",
  "throw new (class extends Error { get message() { throw 1 } })();",
  "throw new Error('x'.repeat(1e6));",
  "await Promise.reject(new Error('no'));",
  "import './no_such_module.js'; export const facility = {};",
  "import { none } from 'node:fs'; export const facility = {};",
  "import x from 'no-such-package'; export const facility = x;",
  "import x from 'npm:'; export const facility = x;",
  "import { facility } from './SELF'; export { facility };",
  "const x = (() => x())(); export const facility = x;",
  "function deep() { deep() } deep(); export const facility = {};",
  "export * from './SELF';",
  "#!/bin/sh\nexit 1",
  "<html>",
  "\0asm\x01\0\0\0",
  '{"facility":{}}',
] as const;

type Fields = Record<string, string>;

function moduleText(fields: Fields): string {
  const tree: Record<string, string | Record<string, string>> = {};
  for (const [path, expression] of Object.entries(fields)) {
    const [name = "", below] = path.split(".");
    if (below === undefined) tree[name] = expression;
    else if (typeof tree[name] !== "string") {
      tree[name] = { ...tree[name] ?? {}, [below]: expression };
    }
  }
  const object = (entries: typeof tree): string =>
    `{${
      Object.entries(entries).map(([name, value]) =>
        `${JSON.stringify(name)}: ${typeof value === "string" ? `(${value})` : object(value)}`
      ).join(",\n")
    }}`;
  return `export const facility = ${object(tree)};\n`;
}

const whole = moduleText({ ...FIELDS });
const names = Object.keys(FIELDS);
const expression = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...EXPRESSIONS) },
  { weight: 1, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
);

const modules: fc.Arbitrary<string> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.array(
      fc.tuple(
        fc.oneof(fc.constantFrom(...names), fc.constantFrom("origin", "semantics", "channel")),
        fc.option(expression),
      ),
      { minLength: 1, maxLength: 3 },
    ).map((changes) => {
      const fields: Fields = { ...FIELDS };
      for (const [name, value] of changes) {
        for (const each of Object.keys(fields)) {
          if (each === name || each.startsWith(`${name}.`)) delete fields[each];
        }
        if (value !== null) fields[name] = value;
      }
      return moduleText(fields);
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom(...MODULES) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.nat(whole.length), fc.nat(20), fc.string({ maxLength: 5 })).map(
      ([at, gone, put]) => whole.slice(0, at) + put + whole.slice(at + gone),
    ),
  },
);

let number = 0;

fuzz(
  "a changed facility module is planned with, or refused",
  "modules",
  fc.tuple(modules, fc.constantFrom("js", "mjs", "ts")),
  async ([text, extension], folder) => {
    const name = `module_${number++}.${extension}`;
    const path = `${folder}/${name}`;
    await Deno.writeTextFile(path, text.replaceAll("SELF", name));
    try {
      const plan = await watched(text, () => planned(path));
      if (plan !== null) assertWritable(plan);
      else if (number % 10 === 0) {
        await orderly(["claims", "--facility", path, "--claim", "pollable"], [2]);
      }
    } finally {
      await Deno.remove(path);
    }
  },
);

/** The plan, or null where the module is refused in one line. */
async function planned(path: string): Promise<Plan | null> {
  const options = { profile: "quick", store: false, report: false, facility: [path] } as const;
  try {
    return await makePlan(
      await planInput({
        ...options,
        facility: [...options.facility],
        participants: ["process", "thread"],
      }),
    );
  } catch (error) {
    assert(error instanceof UserError && error.exitCode === 2, `not refused as input: ${error}`);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x1f]/.test(error.message), error.message);
    assert(error.message.length < 600, error.message);
    return null;
  }
}

/** What was measured by such a plan could be written. */
function assertWritable(plan: Plan): void {
  const cells = plan.visits.flatMap(({ cells }) => cells).map(({ dimensions }) => ({
    ...dimensions,
    status: "failed" as const,
    reason: "",
    warnings: [],
  }));
  serialiseRun({ ...fullRun("planned-run"), cells: [...cells, ...plan.inapplicable] });
}
