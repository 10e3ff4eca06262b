// @gate alone

import { assertEquals, assertStringIncludes } from "@std/assert";
import { limit } from "../../facilities/limits.ts";
import { cellsOf, measure, measuredOf } from "./measured.ts";

const burst = (facility: string, size: number[]) =>
  measure({ workload: ["burst"], facility: [facility], size });

for (const facility of ["pipe", "fifo"]) {
  Deno.test(`a ${facility} holds what F_SETPIPE_SZ asked for, or 16 pages`, async () => {
    const cells = measuredOf(await burst(facility, [4096]), "burst");
    const found = cells.map(({ parameters, estimate, declared, ci95 }) => [
      parameters?.capacityBytes,
      estimate,
      declared,
      ...ci95,
    ]);
    const most = limit.pipeMaxSize().value;
    assertEquals(found, [
      [undefined, 65_536, 65_536, 65_536, 65_536],
      [4096, 4096, 4096, 4096, 4096],
      [most, most, most, most, most],
    ]);
  });
}

Deno.test("a pipe counts pages: 3,000 bytes take one each", async () => {
  const [cell] = measuredOf(await burst("pipe", [3000]), "burst");
  assertEquals([cell!.estimate, cell!.declared], [16 * 3000, 65_536]);
});

Deno.test("a POSIX queue holds its mq_maxmsg messages, whatever their size", async () => {
  const cells = measuredOf(await burst("posix-message-queue", [1, 512]), "burst");
  const messages = limit.mqueueMsgMax().value;
  assertEquals(
    cells.map(({ estimate, declared, sizeBytes }) => [sizeBytes, estimate, declared]),
    [[1, messages, messages], [512, 512 * messages, 512 * messages]],
  );
});

Deno.test("a System V queue holds msg_qbytes bytes", async () => {
  const [cell] = measuredOf(await burst("sysv-message-queue", [512]), "burst");
  assertEquals([cell!.estimate, cell!.declared], [limit.msgmnb().value, limit.msgmnb().value]);
});

Deno.test("where a burst says nothing of the facility, the cell says so once", async () => {
  const all = await measure({
    workload: ["burst"],
    facility: ["pipe", "posix-shared-memory", "eventfd"],
    size: [1, 4],
  });
  const [memory, ...more] = cellsOf(all, "burst", "posix-shared-memory");
  assertEquals([memory!.status, more], ["not-applicable", []]);
  const [counter] = cellsOf(all, "burst", "eventfd");
  assertEquals(counter!.status, "not-applicable");
  assertStringIncludes(
    counter!.status === "not-applicable" ? counter!.reason : "",
    "no way to send that does not wait",
  );
});
