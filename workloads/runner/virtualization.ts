/**
 * Which hypervisor this machine runs under, if any.
 *
 * @module
 */
import type { FileTree } from "./file_tree.ts";

/**
 * What a DMI table, a clock source or a device tree betrays; the vendors' own strings as
 * systemd-detect-virt(1) knows them.
 */
const SIGNS: readonly [path: string, pattern: RegExp, name: string][] = [
  ["/sys/hypervisor/type", /^xen/, "xen"],
  ["/sys/class/dmi/id/product_name", /KVM/, "kvm"],
  ["/sys/class/dmi/id/sys_vendor", /KVM/, "kvm"],
  ["/sys/class/dmi/id/sys_vendor", /Amazon EC2/, "amazon"],
  ["/sys/class/dmi/id/product_name", /Google Compute Engine/, "google"],
  ["/sys/class/dmi/id/sys_vendor", /VMware|VMW/, "vmware"],
  ["/sys/class/dmi/id/sys_vendor", /innotek GmbH|Oracle Corporation/, "virtualbox"],
  ["/sys/class/dmi/id/product_name", /VirtualBox/, "virtualbox"],
  ["/sys/class/dmi/id/sys_vendor", /Xen/, "xen"],
  ["/sys/class/dmi/id/bios_vendor", /Xen/, "xen"],
  ["/sys/class/dmi/id/sys_vendor", /Parallels/, "parallels"],
  ["/sys/class/dmi/id/product_name", /BHYVE/, "bhyve"],
  ["/sys/class/dmi/id/sys_vendor", /Apple Virtualization|Apple Inc\..*Virtual/, "apple"],
  ["/sys/class/dmi/id/product_name", /^Virtual Machine/, "hyper-v"],
  ["/proc/device-tree/hypervisor/compatible", /kvm/, "kvm"],
  ["/proc/device-tree/hypervisor/compatible", /xen/, "xen"],
  ["/sys/devices/system/clocksource/clocksource0/available_clocksource", /kvm-clock/, "kvm"],
  ["/sys/devices/system/clocksource/clocksource0/available_clocksource", /hyperv/, "hyper-v"],
  ["/sys/devices/system/clocksource/clocksource0/available_clocksource", /xen/, "xen"],
  ["/sys/class/dmi/id/sys_vendor", /QEMU/, "qemu"],
  ["/proc/version", /gVisor/, "gvisor"],
];

/** Vendors that sell bare machines too: their name counts only on a CPU with the hypervisor flag. */
const ALSO_BARE: readonly string[] = ["amazon", "google", "virtualbox"];

/** The hypervisor's name, `unknown` where only the CPU's flag tells of one, null where none is seen. */
export function virtualizationOf(files: FileTree): string | null {
  const flagged = /^flags\s*:.*\bhypervisor\b/m.test(files.read("/proc/cpuinfo") ?? "");
  for (const [path, pattern, name] of SIGNS) {
    if (ALSO_BARE.includes(name) && !flagged && !mayBeArmGuest(files)) continue;
    if (pattern.test(files.read(path) ?? "")) return name;
  }
  return flagged ? "unknown" : null;
}

/** ARM's cpuinfo has no flag to tell by; there the vendors name what they rent out bare `*.metal`. */
function mayBeArmGuest(files: FileTree): boolean {
  return /^CPU implementer/m.test(files.read("/proc/cpuinfo") ?? "") &&
    !/metal/.test(files.read("/sys/class/dmi/id/product_name") ?? "");
}

/** The container runtime around this process, or null where none is seen. */
export function containerOf(files: FileTree): string | null {
  if (files.read("/.dockerenv") !== null) return "docker";
  if (files.read("/run/.containerenv") !== null) return "podman";
  if (/gVisor/.test(files.read("/proc/version") ?? "")) return "gvisor";
  const groups = files.read("/proc/self/cgroup") ?? "";
  return /\/(docker|lxc|kubepods|containerd)\b/.exec(groups)?.[1] ?? null;
}
