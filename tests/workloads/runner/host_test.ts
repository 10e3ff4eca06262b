import { assertEquals, assertMatch } from "@std/assert";
import * as v from "valibot";
import { readText } from "../../../facilities/libc/files.ts";
import { HostSchema } from "../../../workloads/runner/document.ts";
import { recordedFiles } from "../../../workloads/runner/file_tree.ts";
import { hostOf, readHost } from "../../../workloads/runner/host.ts";
import { CPUSET, SILENT, SMT } from "./sys_trees.ts";

const NAMES = {
  system: "Linux",
  node: "bench-3",
  release: "6.12.9",
  version: "#1 SMP",
  machine: "x86_64",
};
const CPU = "/sys/devices/system/cpu";

const DESKTOP = {
  ...SMT,
  "/proc/cpuinfo": "processor\t: 0\nmodel name\t: Intel(R)  Core(TM) i7\nflags\t\t: fpu vme\n\n" +
    "processor\t: 1\nmodel name\t: Intel(R)  Core(TM) i7\nflags\t\t: fpu vme\n",
  "/proc/meminfo": "MemTotal:       16310764 kB\nMemFree:         1310764 kB\n",
  "/proc/loadavg": "1.50 0.75 0.25 2/1234 5678\n",
  [`${CPU}/cpu0/cpufreq/scaling_governor`]: "powersave\n",
  [`${CPU}/cpu1/cpufreq/scaling_governor`]: "performance\n",
  [`${CPU}/intel_pstate/no_turbo`]: "0\n",
  [`${CPU}/vulnerabilities/meltdown`]: "Mitigation: PTI\n",
  [`${CPU}/vulnerabilities/srbds`]: "Not affected\n",
  "/sys/devices/system/clocksource/clocksource0/current_clocksource": "tsc\n",
  "/sys/devices/system/clocksource/clocksource0/available_clocksource": "tsc hpet acpi_pm\n",
  "/sys/kernel/mm/transparent_hugepage/enabled": "[always] madvise never\n",
};

const hostFrom = (tree: Record<string, string>, affinity = [0, 1, 2, 3, 4, 5, 6, 7]) =>
  hostOf(recordedFiles(tree), affinity, NAMES, {});

Deno.test("the facts of a recorded desktop", () => {
  const { topology, ...facts } = hostFrom(DESKTOP);
  assertEquals(topology.length, 8);
  assertEquals(facts, {
    machineKey: "Intel(R) Core(TM) i7 x8 x86_64 bare-metal",
    hostname: "bench-3",
    kernel: "Linux 6.12.9",
    arch: "x86_64",
    cpuModel: "Intel(R) Core(TM) i7",
    cpus: 8,
    memoryBytes: 16_310_764 * 1024,
    governor: "powersave, performance",
    turbo: true,
    virtualization: null,
    instance: null,
    runtime: null,
    mitigations: { meltdown: "Mitigation: PTI", srbds: "Not affected" },
    cgroup: { version: null, cpuQuota: null, cpuset: null, memoryBytes: null },
    loadAverage: [1.5, 0.75, 0.25],
    clockSource: "tsc",
    transparentHugePages: "always",
    limits: {},
  });
});

Deno.test("the machine key counts the CPUs that this process may use", () => {
  assertMatch(hostFrom({ ...DESKTOP, ...CPUSET }).machineKey, / x2 x86_64 /);
  assertMatch(hostFrom(DESKTOP, [3]).machineKey, / x1 x86_64 /);
});

Deno.test("turbo is told by intel_pstate, by boost, or not at all", () => {
  assertEquals(hostFrom({ ...SMT, [`${CPU}/intel_pstate/no_turbo`]: "1\n" }).turbo, false);
  assertEquals(hostFrom({ ...SMT, [`${CPU}/cpufreq/boost`]: "1\n" }).turbo, true);
  assertEquals(hostFrom({ ...SMT, [`${CPU}/cpu2/cpufreq/boost`]: "0\n" }).turbo, false);
  assertEquals(hostFrom(SMT).turbo, null);
});

Deno.test("a machine that tells nothing still gives a valid host", () => {
  const host = v.parse(HostSchema, hostFrom(SILENT, [0]));
  assertEquals(host.machineKey, "unknown x1 x86_64 bare-metal");
});

Deno.test("the instance type is told by Amazon's DMI table only, the runtime by what it leaves", () => {
  const dmi = (vendor: string) => ({
    ...SMT,
    "/sys/class/dmi/id/sys_vendor": `${vendor}\n`,
    "/sys/class/dmi/id/product_name": "m7a.large\n",
  });
  assertEquals(hostFrom(dmi("Amazon EC2")).instance, "m7a.large");
  assertEquals(hostFrom(dmi("Dell Inc.")).instance, null);
  assertEquals(hostFrom({ ...SMT, "/run/.containerenv": "" }).runtime, "podman");
  assertEquals(hostFrom(SMT).runtime, null);
});

Deno.test("in a container the environment tells what cannot be seen", () => {
  const told = { HOST: "node-7", INSTANCE: "m7a.large", RUNTIME: "containerd" };
  const names = Object.keys(told).map((name) => `IPC_TAXONOMY_${name}`);
  const before = names.map((name) => Deno.env.get(name));
  try {
    Object.values(told).forEach((value, index) => Deno.env.set(names[index]!, value));
    const { hostname, instance, runtime } = readHost();
    assertEquals([hostname, instance, runtime], Object.values(told));
  } finally {
    names.forEach((name, index) => {
      if (before[index] === undefined) Deno.env.delete(name);
      else Deno.env.set(name, before[index]);
    });
  }
});

Deno.test("this machine's host is valid and survives JSON", () => {
  const host = readHost();
  assertEquals(v.parse(HostSchema, JSON.parse(JSON.stringify(host))), host);
  assertEquals(host.hostname, readText("/proc/sys/kernel/hostname").trim());
  assertEquals(host.arch, Deno.build.arch);
});
