import { assertEquals } from "@std/assert";
import { cpuModelOf } from "../../../workloads/runner/cpu_model.ts";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";

const arm = (...parts: string[]) =>
  parts.map((part, cpu) => `processor\t: ${cpu}\nCPU implementer\t: 0x41\nCPU part\t: ${part}\n`)
    .join("\n");

const MODELS: [string, string, string][] = [
  ["x86_64", "model name\t: AMD EPYC\n\nmodel name\t: AMD EPYC\n", "AMD EPYC"],
  ["ARM by number", arm("0xd0c", "0xd0c"), "Neoverse-N1"],
  ["big.LITTLE", arm("0xd03", "0xd08"), "Cortex-A53 + Cortex-A72"],
  ["an ARM core not in the table", arm("0xfff"), "ARM 0x41/0xfff"],
  ["nothing", "", "unknown"],
];

for (const [what, text, expected] of MODELS) {
  Deno.test(`CPU model of ${what}`, () => {
    assertEquals(cpuModelOf(recordedFiles({ "/proc/cpuinfo": text })), expected);
  });
}
