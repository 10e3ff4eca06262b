import { assertEquals, assertThrows } from "@std/assert";
import { Memory } from "../../facilities/libc/memory.ts";
import { checkPattern, writePattern } from "../../workloads/payload.ts";
import { VerificationError } from "../../workloads/workload.ts";

const LENGTHS = [1, 63, 4096, 16_384, 16_385, 65_536, 65_537, 300_000];
const SEQUENCES = [0, 1, 3, 50, 126];

Deno.test("a pattern has its own byte at every place, below 128, other for the next message", () => {
  using memory = Memory.allocate(300_000);
  for (const sequence of SEQUENCES) {
    for (const length of LENGTHS) {
      memory.bytes.fill(0xff);
      writePattern(memory, sequence, length);
      for (let at = 0; at < length; at++) {
        const expected = (31 * (at + 1) + 17 * (sequence + 1) + (at >> 7)) % 128;
        if (memory.bytes[at] !== expected) assertEquals([at, memory.bytes[at]], [at, expected]);
      }
      assertEquals(memory.bytes[length] ?? 0xff, 0xff, "wrote past the end");
      checkPattern(memory, sequence, length);
      assertThrows(() => checkPattern(memory, sequence + 1, length), VerificationError);
    }
  }
});

Deno.test("one wrong byte is found wherever it is, and named", () => {
  using memory = Memory.allocate(300_000);
  for (const at of [0, 1, 16_383, 65_535, 65_536, 131_072, 299_999]) {
    writePattern(memory, 2, 300_000);
    memory.bytes[at]! ^= 64;
    assertThrows(
      () => checkPattern(memory, 2, 300_000),
      VerificationError,
      `message 2 of 300000 bytes has ${memory.bytes[at]} at byte ${at} instead of`,
    );
  }
});
