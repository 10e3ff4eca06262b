/**
 * What the CPUs call themselves.
 *
 * @module
 */
import type { FileTree } from "./file_tree.ts";

/** ARM names its cores by number only; from util-linux `sys-utils/lscpu-arm.c`. */
const ARM_CORES: Readonly<Record<string, string>> = {
  "0x41/0xd03": "Cortex-A53",
  "0x41/0xd04": "Cortex-A35",
  "0x41/0xd05": "Cortex-A55",
  "0x41/0xd07": "Cortex-A57",
  "0x41/0xd08": "Cortex-A72",
  "0x41/0xd09": "Cortex-A73",
  "0x41/0xd0a": "Cortex-A75",
  "0x41/0xd0b": "Cortex-A76",
  "0x41/0xd0c": "Neoverse-N1",
  "0x41/0xd0d": "Cortex-A77",
  "0x41/0xd40": "Neoverse-V1",
  "0x41/0xd41": "Cortex-A78",
  "0x41/0xd44": "Cortex-X1",
  "0x41/0xd49": "Neoverse-N2",
  "0x41/0xd4f": "Neoverse-V2",
  "0x43/0x0af": "ThunderX2",
  "0x48/0xd01": "Kunpeng-920",
  "0x61/0x022": "Apple M1 Icestorm",
  "0x61/0x023": "Apple M1 Firestorm",
  "0xc0/0xac3": "Ampere-1",
};

/** The model, several joined by ` + ` where the CPUs differ; `unknown` where nothing is told. */
export function cpuModelOf(files: FileTree): string {
  const text = files.read("/proc/cpuinfo") ?? "";
  const models = text.split(/\n\s*\n/).map(modelOf).filter((model) => model !== null);
  return [...new Set(models)].join(" + ") || "unknown";
}

/** The model of one block of /proc/cpuinfo. */
function modelOf(block: string): string | null {
  const field = (name: string) =>
    new RegExp(`^${name}\\s*:\\s*(.+)$`, "m").exec(block)?.[1]?.trim().replace(/\s+/g, " ");
  const part = field("CPU part");
  if (part) {
    const id = `${field("CPU implementer")}/${part}`;
    return ARM_CORES[id] ?? `ARM ${id}`;
  }
  return field("model name") ?? field("cpu model") ?? null;
}
