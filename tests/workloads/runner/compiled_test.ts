import { assertEquals, assertThrows } from "@std/assert";
import {
  compileOnNextCall,
  COMPILING_FLAG,
  isCompiled,
} from "../../../workloads/runner/compiled.ts";
import { fromFileUrl } from "../../paths.ts";

Deno.test("a function is compiled when it is asked for, until it meets what its code was not made for", async () => {
  const module = fromFileUrl(import.meta.resolve("../../../workloads/runner/compiled.ts"));
  const script = `
    const { compileOnNextCall, isCompiled } = await import("file://${module}");
    const sum = (values) => { let sum = 0; for (const each of values) sum += each; return sum; };
    const seen = [];
    const look = (...values) => { sum(values); seen.push(isCompiled(sum)); };
    look(1, 2);
    compileOnNextCall(sum);
    look(1, 2);
    look(3, 4);
    compileOnNextCall(sum);
    look(5, 6);
    look("a", "b");
    compileOnNextCall(sum);
    look("a", 1);
    console.log(JSON.stringify(seen));
  `;
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", `--v8-flags=${COMPILING_FLAG},--no-lazy-feedback-allocation`, script],
  }).output();
  const text = new TextDecoder();
  assertEquals(success, true, text.decode(stderr));
  assertEquals(JSON.parse(text.decode(stdout)), [false, true, true, true, false, true]);
});

Deno.test("without the flag it says which is missing", () => {
  for (const call of [() => compileOnNextCall(() => {}), () => isCompiled(() => {})]) {
    assertThrows(call, Error, `Deno runs without --v8-flags=${COMPILING_FLAG}`);
  }
});
