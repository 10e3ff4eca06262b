import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  assertions,
  claims,
  declarations,
  includes,
  symbols,
  UNCHECKED,
  widths,
} from "./headers.ts";

/** The compilers by architecture; one that is not installed leaves its test out. */
const COMPILERS = [
  ["x86_64", Deno.build.arch === "x86_64" ? "gcc" : "x86_64-linux-gnu-gcc"],
  ["aarch64", Deno.build.arch === "aarch64" ? "gcc" : "aarch64-linux-gnu-gcc"],
] as const;

function isInstalled(compiler: string): boolean {
  try {
    return new Deno.Command(compiler, { args: ["--version"], stdout: "null" }).outputSync().success;
  } catch {
    return false;
  }
}

/** Compiles a C text without making a program; returns what the compiler says of it. */
function compile(compiler: string, text: string, ...options: string[]): string {
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

function prototypes(compiler: string): string {
  const path = Deno.makeTempFileSync({ prefix: "ipc-taxonomy-headers-" });
  try {
    assertEquals(compile(compiler, includes(), "-aux-info", path), "");
    return Deno.readTextFileSync(path);
  } finally {
    Deno.removeSync(path);
  }
}

for (const [architecture, compiler] of COMPILERS) {
  const ignore = !isInstalled(compiler);
  const missing = ignore ? ` (${compiler} is not installed)` : "";

  Deno.test({
    name: `constants, sizes and offsets are those of the ${architecture} headers${missing}`,
    ignore,
    fn() {
      const all = claims(architecture);
      assert(all.length > 250, `only ${all.length} were found in the sources`);
      assert(all.length > 30 * UNCHECKED.length, `${UNCHECKED} have no word in C`);
      assertEquals(compile(compiler, `${includes()}\n${assertions(all)}`), "");
    },
  });

  Deno.test({
    name: `every parameter has its width in the ${architecture} prototypes${missing}`,
    ignore,
    fn() {
      const declared = symbols();
      assertEquals(declared.length, declarations(), "a declaration was not understood");
      const { text, undeclared } = widths(declared, prototypes(compiler));
      assertEquals(undeclared, []);
      assertEquals(compile(compiler, `${includes()}\n${text}`), "");
    },
  });
}

Deno.test({
  name: "a wrong figure or width does not compile",
  ignore: !isInstalled("gcc"),
  fn() {
    const wrong = { expression: "sizeof(struct iovec)", value: 12n, where: "IOVEC.size" };
    assertMatch(
      compile("gcc", `${includes()}\n${assertions([wrong])}`),
      /IOVEC.size is not sizeof/,
    );
    const narrow = { file: "x.ts", name: "read", parameters: ["i32", "pointer", "i32"] };
    const lost = { file: "x.ts", name: "lseek", parameters: ["i32", "i64", "i32"] };
    const wide = [{ ...narrow, result: "i32" }, { ...lost, result: "pointer" }];
    const said = compile("gcc", `${includes()}\n${widths(wide, prototypes("gcc")).text}`);
    assertMatch(said, /read parameter 3 is size_t, not i32/);
    assertMatch(said, /lseek result is __off_t, not pointer/);
    assertEquals(said.split("\n").length, 2, said);
  },
});
