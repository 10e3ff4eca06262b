import { assertEquals, assertThrows } from "@std/assert";
import { readText } from "../../../facilities/libc/files.ts";
import { fileSystemSpace } from "../../../facilities/libc/sys_statvfs.ts";
import { uname } from "../../../facilities/libc/sys_utsname.ts";

Deno.test("uname agrees with /proc/sys/kernel", () => {
  const names = uname();
  const told = (name: string) => readText(`/proc/sys/kernel/${name}`).trim();
  assertEquals(names.system, told("ostype"));
  assertEquals(names.node, told("hostname"));
  assertEquals(names.release, told("osrelease"));
  assertEquals(names.version, told("version"));
  assertEquals(names.machine, Deno.build.arch);
});

Deno.test("a file system's free space is within its total, both whole bytes", () => {
  const { totalBytes, freeBytes } = fileSystemSpace("/");
  assertEquals(totalBytes > 0 && freeBytes >= 0 && freeBytes <= totalBytes, true);
  assertEquals([totalBytes, freeBytes].every(Number.isSafeInteger), true);
});

Deno.test("the space of a missing path is ENOENT", () => {
  assertThrows(() => fileSystemSpace("/no/such/folder"), Error, "ENOENT");
});
