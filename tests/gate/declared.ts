/**
 * How a test file says when it runs: one line of its own, `// @gate` and its words.
 *
 * - no such line: in `task test`, beside other files;
 * - `alone`: nothing else runs meanwhile, because it measures, or looks at the whole machine;
 * - `long`: only in `task test:long`;
 * - `both`: in both, with the amounts of `tests/extent.ts`.
 *
 * @module
 */
import type { Extent } from "../extent.ts";
import { partOf } from "./totals.ts";

export interface Declared {
  readonly path: string;
  /** The folder below `tests/` that it belongs to; its minutes are added up. */
  readonly part: string;
  readonly extents: readonly Extent[];
  readonly alone: boolean;
}

const EXTENTS: Readonly<Record<string, readonly Extent[]>> = {
  long: ["long"],
  both: ["short", "long"],
};

/**
 * Reads what a test file declares.
 *
 * @throws {SyntaxError} when it has words that mean nothing, two such lines, or a name that says otherwise
 */
export function declared(path: string, text: string): Declared {
  const lines = [...text.matchAll(/^\/\/ *@gate\b(.*)$/gm)];
  if (lines.length > 1) throw new SyntaxError(`${path} has ${lines.length} lines "// @gate"`);
  const words = lines[0]?.[1]?.trim().split(/\s+/) ?? [];
  const extents = words.filter((word) => Object.hasOwn(EXTENTS, word));
  const unknown = words.filter((word) => word !== "alone" && !extents.includes(word));
  if (unknown.length > 0 || extents.length > 1) {
    throw new SyntaxError(
      `${path} declares "// @gate ${words.join(" ")}"; the words are alone, and long or both`,
    );
  }
  if (extents.includes("long") !== path.endsWith("_long_test.ts")) {
    throw new SyntaxError(
      `${path}: the names of long test files, and no other, end in _long_test.ts`,
    );
  }
  return {
    path,
    part: partOf(path),
    extents: EXTENTS[extents[0] ?? ""] ?? ["short"],
    alone: words.includes("alone"),
  };
}

/** What every test file below a folder declares, in the order of their paths. */
export function declaredBelow(folder: string): Declared[] {
  return testFiles(folder).sort().map((path) => declared(path, Deno.readTextFileSync(path)));
}

function testFiles(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    if (isDirectory) return testFiles(path);
    return /(?:^|[_.])test\.[jt]sx?$/.test(name) ? [path] : [];
  });
}
