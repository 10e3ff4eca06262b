/**
 * Checks constants, layouts and widths by the C compiler and headers of one architecture.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import {
  assertions,
  claims,
  declarations,
  includes,
  symbols,
  UNCHECKED,
  widths,
} from "./headers.ts";

export type Architecture = "x86_64" | "aarch64";

/** Compiles a C text without making a program; returns what the compiler says of it. */
export function compile(compiler: string, text: string, ...options: string[]): string {
  const folder = Deno.makeTempDirSync({ prefix: "ipc-taxonomy-headers-" });
  try {
    Deno.writeTextFileSync(`${folder}/check.c`, text);
    const { stderr } = new Deno.Command(compiler, {
      args: ["-w", "-fsyntax-only", ...options, "check.c"],
      cwd: folder,
      stderr: "piped",
    }).outputSync();
    return new TextDecoder().decode(stderr).split("\n").filter((line) => /error/.test(line))
      .join("\n");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

export function prototypes(compiler: string): string {
  const path = Deno.makeTempFileSync({ prefix: "ipc-taxonomy-headers-" });
  try {
    assertEquals(compile(compiler, includes(), "-aux-info", path), "");
    return Deno.readTextFileSync(path);
  } finally {
    Deno.removeSync(path);
  }
}

/** Every constant, size and offset is that of the headers. */
export function checkConstants(architecture: Architecture, compiler: string): void {
  const all = claims(architecture);
  assert(all.length > 250, `only ${all.length} were found in the sources`);
  assert(all.length > 30 * UNCHECKED.length, `${UNCHECKED} have no word in C`);
  assertEquals(compile(compiler, `${includes()}\n${assertions(all)}`), "");
}

/** Every parameter has the width that its prototype has. */
export function checkWidths(compiler: string): void {
  const declared = symbols();
  assertEquals(declared.length, declarations(), "a declaration was not understood");
  const { text, undeclared } = widths(declared, prototypes(compiler));
  assertEquals(undeclared, []);
  assertEquals(compile(compiler, `${includes()}\n${text}`), "");
}
