/**
 * The house rules: each takes a file and returns what is wrong with it, one line a breach.
 *
 * @module
 */

/** A file of the project; the path is relative to its root. */
export interface File {
  path: string;
  text: string;
}

/** From the top down; a folder imports from itself and from those below it. */
const LAYERS = [
  "cli",
  "reports",
  "workloads/claims",
  "workloads/runner",
  "workloads",
  "facilities",
  "facilities/libc",
];

/** Imports run down the list of layers only, and nothing of the product imports a test. */
export function importsUpwards({ path, text }: File): string[] {
  const from = layerOf(path);
  if (from === undefined) return [];
  return relativeImports({ path, text })
    .filter(isScript)
    .filter((target) => {
      const to = layerOf(target);
      return to === undefined || LAYERS.indexOf(to) < LAYERS.indexOf(from);
    })
    .map((target) => `${path} imports ${target}, which stands above ${from}/`);
}

/** The deepest layer that holds a path; `mod.ts` stands beside `cli/`, tests and tools stand in none. */
function layerOf(path: string): string | undefined {
  if (path === "mod.ts") return "cli";
  return LAYERS.filter((layer) => path.startsWith(`${layer}/`))
    .sort((a, b) => b.length - a.length)[0];
}

const IMPORTS = [
  /^\s*(?:import|export)\b[^;"'`]*\bfrom\s*["']([^"']+)["']/gm,
  /^\s*import\s*["']([^"']+)["']/gm,
  /\bimport\(\s*["'`]([^"'`]+)["'`]/g,
];

/** The files that a module imports by a relative path, types and dynamic imports included. */
export function relativeImports({ path, text }: File): string[] {
  const code = withoutComments(text);
  return IMPORTS
    .flatMap((pattern) => [...code.matchAll(pattern)])
    .map(([, specifier = ""]) => specifier)
    .filter((specifier) => specifier.startsWith("."))
    .map((specifier) => new URL(specifier, `file:///${path}`).pathname.slice(1));
}

/** Enough for import lines: comments that begin a line, and block comments. */
function withoutComments(text: string): string {
  return text.replace(/^\s*\/\*.*?\*\//gms, "").replace(/^\s*\/\/.*$/gm, "");
}

const TAXONOMY = "facilities/taxonomy.ts";
const LEAF_FOLDERS = /^facilities\/(?!libc\/)/;
const LEAF = /\bleaf\(\s*"([^"]+)",\s*\(\)\s*=>\s*import\(\s*"\.\/([^"]+)"/g;

/** Each leaf of the taxonomy has its file, named after its id, and each file with a facility is a leaf. */
export function taxonomyGaps(files: File[]): string[] {
  const tree = files.find(({ path }) => path === TAXONOMY);
  if (!tree) return [];
  const leaves = [...tree.text.matchAll(LEAF)]
    .map(([, id = "", path = ""]) => ({ id, path: `facilities/${path}` }));
  const facilities = files
    .filter(({ path, text }) => LEAF_FOLDERS.test(path) && /^export const facility\b/m.test(text))
    .map(({ path }) => path);
  return [
    ...leaves.filter(({ path }) => !facilities.includes(path))
      .map(({ id, path }) => `${TAXONOMY}: ${id} has no facility in ${path}`),
    ...leaves.filter(({ id, path }) => !path.endsWith(`/${id.replaceAll("-", "_")}.ts`))
      .map(({ id, path }) => `${TAXONOMY}: ${id} lies in ${path}`),
    ...facilities.filter((path) => !leaves.some((leaf) => leaf.path === path))
      .map((path) => `${path} holds a facility that is no leaf of ${TAXONOMY}`),
  ];
}

/** Only `facilities/libc/` opens a dynamic library. */
export function opensLibrary({ path, text }: File): string[] {
  if (!isScript(path) || path.startsWith("facilities/libc/")) return [];
  return /\bdlopen\s*\(/.test(withoutComments(text))
    ? [`${path} calls Deno.dlopen, which only facilities/libc/ does`]
    : [];
}

/** No pointer is made out of a number: nothing would keep alive what it points to. */
export function rebuildsPointer({ path, text }: File): string[] {
  if (!isScript(path) || path.startsWith("tests/")) return [];
  return /\bUnsafePointer\s*\.\s*create\b/.test(withoutComments(text))
    ? [`${path} makes a pointer out of a number, which has no owner`]
    : [];
}

const MACHINE_PATH = /(?<![\w.~-])\/(?:root|work|home\/[\w.-]+)\//g;

/** No file names a folder of one particular machine. */
export function namesMachinePath({ path, text }: File): string[] {
  return [...text.matchAll(MACHINE_PATH)].map(([found]) => `${path} names ${found}`);
}

const REGISTRY =
  /\b(?:registry\.(?:npmjs|yarnpkg)\.\w+|(?:npm\.)?jsr\.io|npm\.pkg\.github\.com)\b/g;
const REGISTRY_SETTING = /^\s*(?:@[\w-]+:)?registry\s*=.*$/gm;

/** No file names the address of a package registry. */
export function namesRegistry({ path, text }: File): string[] {
  return [...text.matchAll(REGISTRY), ...text.matchAll(REGISTRY_SETTING)]
    .map(([found]) => `${path} names the registry ${found.trim()}`);
}

/** No task of a `deno.json` grants every permission. */
export function grantsEverything({ path, text }: File): string[] {
  if (!/(^|\/)deno\.jsonc?$/.test(path)) return [];
  const tasks: Record<string, string | { command?: string }> = JSON.parse(text).tasks ?? {};
  return Object.entries(tasks)
    .map(([name, task]) => [name, typeof task === "string" ? task : task.command ?? ""] as const)
    .filter(([, command]) => /(^|\s)(-[a-zA-Z]*A[a-zA-Z]*|--allow-all)(?=[\s"']|$)/.test(command))
    .map(([name]) => `${path}: task ${name} grants every permission`);
}

function isScript(path: string): boolean {
  return /\.(?:ts|tsx|js|mjs|jsx)$/.test(path);
}
