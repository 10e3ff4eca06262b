import { assert, assertEquals, assertMatch } from "@std/assert";
import { readText } from "../../facilities/libc/files.ts";
import { resourceLimit, RLIMIT, setResourceLimit } from "../../facilities/libc/sys_resource.ts";
import { fileSystemSpace } from "../../facilities/libc/sys_statvfs.ts";
import { describeLimit, limit, raiseTo, readLimits, UNLIMITED } from "../../facilities/limits.ts";

Deno.test("a limit read from a file equals that file", () => {
  for (const one of Object.values(readLimits())) {
    if (!one.source.startsWith("/proc/") || /\/(sem|tcp_[rw]mem)$/.test(one.source)) continue;
    assertEquals(one.value, Math.min(Number(readText(one.source)), UNLIMITED), one.name);
  }
});

Deno.test("the four limits of kernel.sem come from its four fields", () => {
  const fields = readText("/proc/sys/kernel/sem").trim().split(/\s+/);
  const read = [
    limit.semmsl(),
    limit.semmns(),
    limit.semopm(),
    limit.semmni(),
  ];
  assertEquals(read.map((one) => one.value), fields.map(Number));
  assertEquals(
    raiseTo(limit.semopm(), 7),
    `sysctl -w kernel.sem="${fields.with(2, "7").join(" ")}"`,
  );
});

Deno.test("the limits of TCP's buffers come from the second and third field", () => {
  const fields = readText("/proc/sys/net/ipv4/tcp_wmem").trim().split(/\s+/).map(Number);
  const read = [limit.tcpSendBuffer(), limit.tcpSendBufferMax()];
  assertEquals(read.map((one) => one.value), fields.slice(1));
  assertEquals(
    raiseTo(read[1]!, 7),
    `sysctl -w net.ipv4.tcp_wmem="${fields.with(2, 7).join(" ")}"`,
  );
});

Deno.test("a resource limit follows setrlimit, and unlimited is a number", () => {
  const before = resourceLimit(RLIMIT.FSIZE);
  try {
    setResourceLimit(RLIMIT.FSIZE, 1 << 30, before.hard);
    assertEquals(limit.rlimitFsize().value, 1 << 30);
  } finally {
    setResourceLimit(RLIMIT.FSIZE, before.soft, before.hard);
  }
  assertEquals(limit.rlimitFsize().value, Math.min(before.soft, UNLIMITED));
});

Deno.test("every limit has a name of its own and tells its source and what would raise it", () => {
  const limits = Object.values(readLimits());
  assertEquals(limits.length, Object.keys(limit).length);
  for (const one of limits) {
    assert(one.source.length > 0, one.name);
    if (one.raise) assertMatch(raiseTo(one, 12_345)!, /[= "]12345\b/, one.name);
    else assertEquals(one.source.startsWith("/proc/"), false, one.name);
  }
});

Deno.test("limits are described with their unit", () => {
  const size = { name: "a", value: 8192, unit: "bytes", source: "/proc/sys/kernel/msgmax" };
  assertEquals(describeLimit(size), "/proc/sys/kernel/msgmax = 8192 bytes");
  assertEquals(describeLimit({ ...size, value: UNLIMITED }), "/proc/sys/kernel/msgmax = unlimited");
});

Deno.test("/dev/shm has no more free than in all", () => {
  assert(limit.shmFolderFree().value <= limit.shmFolderSize().value);
});

Deno.test("the temporary folder's limit names its file system", () => {
  const { value, source } = limit.temporaryFolderFree();
  const [, path = "", type] = /^statvfs\((.*)\), which lies on (\w+)$/.exec(source)!;
  assert(value > 0 && value <= fileSystemSpace(path).totalBytes);
  const kinds = readText("/proc/filesystems").trim().split("\n").map((line) => line.split("\t")[1]);
  assert(kinds.includes(type), source);
});
