import { assertEquals, assertMatch } from "@std/assert";
import { isInstalled } from "../../debian.ts";
import { type Architecture, checkConstants, checkWidths, compile, prototypes } from "./compiler.ts";
import { assertions, includes, widths } from "./headers.ts";

const architecture = Deno.build.arch as Architecture;
const ignore = !isInstalled("gcc");

Deno.test({
  name: `constants, sizes and offsets are those of the ${architecture} headers`,
  ignore,
  fn: () => checkConstants(architecture, "gcc"),
});

Deno.test({
  name: `every parameter has its width in the ${architecture} prototypes`,
  ignore,
  fn: () => checkWidths("gcc"),
});

Deno.test({
  name: "a wrong figure or width does not compile",
  ignore,
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
