import { assertEquals, assertGreater } from "@std/assert";
import {
  type File,
  grantsEverything,
  importsUpwards,
  namesMachinePath,
  namesRegistry,
  opensLibrary,
  rebuildsPointer,
  taxonomyGaps,
} from "./house.ts";

type Rule = (file: File) => string[];

const rules: [string, Rule][] = [
  ["imports run down the list of layers only", importsUpwards],
  ["only facilities/libc opens a dynamic library", opensLibrary],
  ["no pointer is made out of a number", rebuildsPointer],
  ["no file names a path of one machine", namesMachinePath],
  ["no file names a package registry", namesRegistry],
  ["no task grants every permission", grantsEverything],
];

const NOT_OURS = [".git", "node_modules", "results", "coverage"];

/** Every text file below the project's root. */
function files(root: URL, folder = ""): File[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap((entry) => {
    const path = folder + entry.name;
    if (NOT_OURS.includes(entry.name)) return [];
    if (entry.isDirectory) return files(root, `${path}/`);
    const text = entry.isFile ? Deno.readTextFileSync(new URL(path, root)) : "\0";
    return text.includes("\0") ? [] : [{ path, text }];
  });
}

const project = files(new URL("../", import.meta.url));

for (const [name, rule] of rules) {
  Deno.test(`house rule: ${name}`, () => assertEquals(project.flatMap(rule), []));
}

Deno.test("house rule: the taxonomy and the files of the facilities agree", () => {
  assertEquals(taxonomyGaps(project), []);
});

Deno.test("the house rules see the project's files", () => {
  const paths = project.map(({ path }) => path);
  assertGreater(paths.length, 20);
  for (const path of ["deno.json", ".ci/run", "workloads/runner/document.ts"]) {
    assertEquals(paths.includes(path), true, path);
  }
});

// Put together so that this file keeps the rules itself.
const DLOPEN = `${["Deno", "dlopen"].join(".")}(`;
const HOME = ["", "root", ""].join("/");
const WORK = ["", "work", "main"].join("/");
const PART = ["", "work", "x"].join("/");
const NPM = ["registry", "npmjs", "org"].join(".");
const JSR = ["jsr", "io"].join(".");

/** Each row: a rule, a file's path and text, and whether the file breaks the rule. */
const examples: [Rule, string, string, boolean][] = [
  [importsUpwards, "facilities/a.ts", `import { x } from "../workloads/x.ts";`, true],
  [importsUpwards, "facilities/a.ts", `import {\n  x,\n} from "../cli/x.ts";`, true],
  [importsUpwards, "facilities/a.ts", `import type { X } from "../reports/x.ts";`, true],
  [importsUpwards, "facilities/a.ts", `export * from "../workloads/x.ts";`, true],
  [importsUpwards, "facilities/a.ts", `const x = await import("../workloads/x.ts");`, true],
  [importsUpwards, "facilities/a.ts", `type X = import("../cli/x.ts").X;`, true],
  [importsUpwards, "facilities/a.ts", `import "../mod.ts";`, true],
  [importsUpwards, "facilities/a.ts", `import "../tests/x.ts";`, true],
  [importsUpwards, "facilities/libc/a.ts", `import "../facility.ts";`, true],
  [importsUpwards, "workloads/a.ts", `import "./runner/x.ts";`, true],
  [importsUpwards, "workloads/runner/a.ts", `import "../claims/x.ts";`, true],
  [importsUpwards, "workloads/claims/a.ts", `import "../../reports/x.ts";`, true],
  [importsUpwards, "reports/a.ts", `import "../cli/x.ts";`, true],
  [importsUpwards, "cli/a.ts", `import "../reports/x.ts";\nimport "./y.ts";`, false],
  [
    importsUpwards,
    "workloads/runner/a.ts",
    `import "../x.ts";\nimport "../../facilities/x.ts";`,
    false,
  ],
  [
    importsUpwards,
    "facilities/a.ts",
    `// import "../cli/x.ts";\n/**\n * import "../cli/x.ts";\n */`,
    false,
  ],
  [importsUpwards, "facilities/a.ts", `// as import("../cli/x.ts") does`, false],
  [importsUpwards, "cli/a.ts", `import "../mod.ts";`, false],
  [importsUpwards, "cli/a.ts", `import own from "../deno.json" with { type: "json" };`, false],
  [importsUpwards, "facilities/a.ts", `import * as v from "valibot";`, false],
  [importsUpwards, "mod.ts", `export * from "./cli/x.ts";`, false],
  [importsUpwards, "tests/a_test.ts", `import "../cli/x.ts";`, false],
  [opensLibrary, "facilities/a.ts", `${DLOPEN}"libc.so.6", {});`, true],
  [opensLibrary, "tests/a_test.ts", `const open = ${DLOPEN}"libc.so.6", {});`, true],
  [opensLibrary, "facilities/libc/a.ts", `${DLOPEN}"libc.so.6", {});`, false],
  [opensLibrary, "README.md", `${DLOPEN})`, false],
  [rebuildsPointer, "facilities/libc/a.ts", "Deno.UnsafePointer.create(8n)", true],
  [rebuildsPointer, "facilities/libc/a.ts", "Deno.UnsafePointer.of(bytes)", false],
  [namesMachinePath, "README.md", `see ${HOME}.profile`, true],
  [namesMachinePath, "a.ts", `"${WORK}/x"`, true],
  [namesMachinePath, "a.ts", ["", "home", "ann", "x"].join("/"), true],
  [namesMachinePath, "a.ts", `".${PART}" and "https://example.org${PART}" and frame${WORK}`, false],
  [namesRegistry, "deno.lock", `"https://${NPM}/valibot"`, true],
  [namesRegistry, "README.md", `https://${JSR}/@std/assert`, true],
  [namesRegistry, ".npmrc", ["registry", "http://mirror"].join("="), true],
  [namesRegistry, "deno.json", `{ "imports": { "@std/assert": "jsr:@std/assert@^1" } }`, false],
  [grantsEverything, "deno.json", `{ "tasks": { "x": "deno run -A x.ts" } }`, true],
  [grantsEverything, "deno.json", `{ "tasks": { "x": "deno run -rA x.ts" } }`, true],
  [
    grantsEverything,
    "deno.json",
    `{ "tasks": { "x": { "command": "deno run --allow-all x.ts" } } }`,
    true,
  ],
  [grantsEverything, "deno.json", `{ "tasks": { "x": "deno run --allow-read x.ts -a" } }`, false],
  [grantsEverything, "deno.json", `{}`, false],
];

for (const [rule, path, text, broken] of examples) {
  Deno.test(`${rule.name} ${broken ? "finds" : "accepts"} ${path}: ${text.split("\n")[0]}`, () => {
    assertEquals(rule({ path, text }).length > 0, broken, rule({ path, text }).join("\n"));
  });
}

Deno.test("taxonomyGaps finds a leaf without a file, a misnamed one, and a file without a leaf", () => {
  const pipe = "facilities/communication/byte_stream/pipe.ts";
  const tree = (...leaves: [string, string][]) => ({
    path: "facilities/taxonomy.ts",
    text: leaves.map(([id, path]) => `leaf(\n  "${id}",\n  () => import("${path}"),\n)`).join(),
  });
  const facility = (path: string) => ({ path, text: "export const facility: Facility = {};" });
  const leaf: [string, string] = ["pipe", "./communication/byte_stream/pipe.ts"];
  const helper = { path: "facilities/signal/mask.ts", text: "export function block() {}" };
  assertEquals(taxonomyGaps([tree(leaf), facility(pipe), helper]), []);
  assertEquals(taxonomyGaps([tree(leaf), { path: pipe, text: "" }]).length, 1);
  assertEquals(taxonomyGaps([tree(), facility(pipe)]).length, 1);
  assertEquals(taxonomyGaps([tree(["fifo", leaf[1]]), facility(pipe)]).length, 1);
});
