import { assertEquals } from "@std/assert";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";
import { containerOf, virtualizationOf } from "../../../workloads/runner/virtualization.ts";

const GUEST = { "/proc/cpuinfo": "flags\t\t: fpu hypervisor lahf_lm\n" };
const METAL = { "/proc/cpuinfo": "flags\t\t: fpu lahf_lm\n" };
const ARM = { "/proc/cpuinfo": "processor\t: 0\nCPU implementer\t: 0x41\nCPU part\t: 0xd0c\n" };
const CLOCKS = "/sys/devices/system/clocksource/clocksource0/available_clocksource";
const DMI = "/sys/class/dmi/id";

const MACHINES: [string, Record<string, string>, string | null][] = [
  ["bare metal", METAL, null],
  ["a flag alone", GUEST, "unknown"],
  ["KVM by its clock", { ...GUEST, [CLOCKS]: "tsc kvm-clock\n" }, "kvm"],
  ["QEMU with KVM", { ...GUEST, [`${DMI}/sys_vendor`]: "QEMU", [CLOCKS]: "kvm-clock tsc" }, "kvm"],
  ["QEMU alone", { ...GUEST, [`${DMI}/sys_vendor`]: "QEMU" }, "qemu"],
  ["an EC2 guest", { ...GUEST, [`${DMI}/sys_vendor`]: "Amazon EC2" }, "amazon"],
  ["EC2 metal", { ...METAL, [`${DMI}/sys_vendor`]: "Amazon EC2" }, null],
  ["an EC2 ARM guest", { ...ARM, [`${DMI}/sys_vendor`]: "Amazon EC2" }, "amazon"],
  ["EC2 ARM metal", {
    ...ARM,
    [`${DMI}/sys_vendor`]: "Amazon EC2",
    [`${DMI}/product_name`]: "m6g.metal",
  }, null],
  ["Hyper-V", { ...GUEST, [`${DMI}/product_name`]: "Virtual Machine" }, "hyper-v"],
  ["Xen", { ...GUEST, "/sys/hypervisor/type": "xen\n" }, "xen"],
  ["a server by Oracle", { ...METAL, [`${DMI}/sys_vendor`]: "Oracle Corporation" }, null],
];

for (const [what, tree, expected] of MACHINES) {
  Deno.test(`virtualization of ${what}`, () => {
    assertEquals(virtualizationOf(recordedFiles(tree)), expected);
  });
}

Deno.test("containers are told by their marks", () => {
  assertEquals(containerOf(recordedFiles({})), null);
  assertEquals(containerOf(recordedFiles({ "/.dockerenv": "" })), "docker");
  assertEquals(containerOf(recordedFiles({ "/run/.containerenv": "" })), "podman");
  assertEquals(
    containerOf(recordedFiles({ "/proc/self/cgroup": "0::/kubepods/burstable/pod1\n" })),
    "kubepods",
  );
});
