import { assertEquals, assertThrows } from "@std/assert";
import { readText } from "../../../facilities/libc/files.ts";
import { futexWake } from "../../../facilities/libc/linux_futex.ts";
import { Borrowed, Memory } from "../../../facilities/libc/memory.ts";
import { memfdCreate } from "../../../facilities/libc/sys_mman.ts";
import { memchr } from "../../../facilities/libc/string.ts";
import { close, ftruncate } from "../../../facilities/libc/unistd.ts";

const DISPOSED = "Cannot use native memory: it was disposed; keep its owner alive";

function disposed(): Memory {
  const memory = Memory.allocate(4096);
  memory[Symbol.dispose]();
  return memory;
}

const USES: [name: string, use: (memory: Memory) => unknown][] = [
  ["bytes are read", (memory) => memory.bytes[0]],
  ["bytes are written", (memory) => memory.bytes[0] = 1],
  ["bytes are filled", (memory) => memory.bytes.fill(1)],
  ["words are read", (memory) => memory.words[1]],
  ["words are written", (memory) => memory.words[1] = 1],
  ["a part is taken", (memory) => memory.slice(0, 8)],
  ["a pointer into it is made", (memory) => memory.at(8)],
  ["it is faulted in", (memory) => memory.faultIn()],
];

for (const [name, use] of USES) {
  Deno.test(`memory that was disposed throws when ${name}`, () => {
    use(Memory.allocate(4096));
    assertThrows(() => use(disposed()), TypeError, DISPOSED);
  });
}

Deno.test("a view taken out of memory before it was disposed reaches nothing", () => {
  const memory = Memory.allocate(4096);
  const { bytes, words, buffer } = memory;
  memory[Symbol.dispose]();
  assertEquals([bytes.length, words.length, buffer.byteLength], [0, 0, 0]);
  assertThrows(() => bytes.fill(1), TypeError);
  assertThrows(() => Atomics.load(words, 0), TypeError);
  assertThrows(() => new Uint8Array(buffer), TypeError);
});

Deno.test("a slice's pointer goes with its memory, and so does one that was borrowed", () => {
  const memory = Memory.allocate(4096);
  const slice = memory.slice(8, 8);
  const returned: unknown[] = [];
  const borrowed = new Borrowed(memory.at(16), (pointer) => returned.push(pointer));
  assertEquals(memchr(slice.pointer, 0, 8n) === null, memchr(borrowed.pointer, 0, 8n) === null);
  borrowed[Symbol.dispose]();
  borrowed[Symbol.dispose]();
  assertEquals(returned.length, 1);
  assertThrows(() => borrowed.pointer, TypeError, DISPOSED);
  memory[Symbol.dispose]();
  assertThrows(() => slice.pointer, TypeError, DISPOSED);
});

Deno.test("C never gets the pointer of memory that was disposed, be the call cold or hot", () => {
  const call = (memory: Memory) => memchr(memory.pointer, 1, 64n);
  const wake = (memory: Memory) => futexWake(memory.pointer, 1);
  assertThrows(() => call(disposed()), TypeError);
  assertThrows(() => wake(disposed()), TypeError);
  using live = Memory.allocate(4096);
  for (let turn = 0; turn < 200_000; turn++) {
    call(live);
    wake(live);
  }
  assertThrows(() => call(disposed()), TypeError);
  assertThrows(() => wake(disposed()), TypeError);
});

Deno.test("disposing memory unmaps it, and twice does no harm", () => {
  const fd = memfdCreate("ipc-taxonomy-memory-test");
  ftruncate(fd, 4096);
  const mapped = () => readText("/proc/self/maps").includes("ipc-taxonomy-memory-test");
  const memory = Memory.map(fd, 4096);
  close(fd);
  assertEquals([mapped(), memory.disposed], [true, false]);
  memory[Symbol.dispose]();
  assertEquals([mapped(), memory.disposed], [false, true]);
  const other = Memory.allocate(4096); // may lie where the first lay
  memory[Symbol.dispose]();
  other.bytes[0] = 1;
  other[Symbol.dispose]();
});
