import { assertEquals } from "@std/assert";
import { formatCpuList, parseCpuList } from "../../../workloads/runner/cpu_list.ts";

const LISTS: [string, number[]][] = [
  ["", []],
  ["0", [0]],
  ["0-3,8,10-11", [0, 1, 2, 3, 8, 10, 11]],
];

for (const [text, cpus] of LISTS) {
  Deno.test(`the CPU list "${text}" is read and written`, () => {
    assertEquals(parseCpuList(`${text}\n`), cpus);
    assertEquals(formatCpuList(cpus), text);
  });
}

Deno.test("a CPU list is ascending and names no CPU twice", () => {
  assertEquals(parseCpuList("4-5,1,4"), [1, 4, 5]);
});
