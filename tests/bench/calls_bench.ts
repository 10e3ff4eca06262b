/**
 * What the suite's own hot spots cost: calls into C as timed loops make them, and the statistics of a
 * run by the number of samples.
 *
 *     deno bench -A tests/bench/calls_bench.ts
 *
 * @module
 */
import { futexWake } from "../../facilities/libc/linux_futex.ts";
import { Memory } from "../../facilities/libc/memory.ts";
import { toascii } from "../../facilities/libc/nothing.ts";
import { memchr, memset } from "../../facilities/libc/string.ts";
import { eventfd } from "../../facilities/libc/sys_eventfd.ts";
import { now } from "../../facilities/libc/time.ts";
import { getppid, gettid, pipe2, read, write } from "../../facilities/libc/unistd.ts";
import { loadAcquire, storeRelease } from "../../facilities/ordered.ts";
import { createHistogram } from "../../workloads/runner/histogram.ts";
import { medianInterval } from "../../workloads/runner/statistics.ts";
import { examine, fill, trainTouching } from "../../workloads/payload.ts";

const memory = Memory.allocate(1 << 20);
const { pointer, words } = memory;
/** Not constants: the compiler would make a bigint of a number anew for each call. */
const sizes = { 8: 8n, 64: 64n, 4096: 4096n, 65536: 65536n };
const counter = eventfd(0);
const [readEnd, writeEnd] = pipe2();
trainTouching();

Deno.bench({ name: "empty call", group: "calls", baseline: true }, () => void toascii(1));
Deno.bench({ name: "null system call", group: "calls" }, () => void getppid());
Deno.bench({ name: "a call that is not compiled", group: "calls" }, () => void gettid());
Deno.bench({ name: "clock reading", group: "calls" }, () => void now());
Deno.bench({ name: "futex wake, nobody sleeps", group: "calls" }, () => {
  futexWake(pointer, 1);
});
Deno.bench({ name: "eventfd write and read", group: "calls" }, () => {
  words[0] = 1;
  words[1] = 0;
  write(counter, pointer, sizes[8]);
  read(counter, pointer, sizes[8]);
});
Deno.bench({ name: "pipe write and read, 64 B", group: "calls" }, () => {
  write(writeEnd, pointer, sizes[64]);
  read(readEnd, pointer, sizes[64]);
});

Deno.bench({ name: "Atomics.load and store", group: "words", baseline: true }, () => {
  Atomics.store(words, 32, Atomics.load(words, 64));
});
Deno.bench({ name: "acquire and release", group: "words" }, () => {
  storeRelease(words, 32, loadAcquire(words, 64));
});

for (const [length, size] of Object.entries(sizes)) {
  Deno.bench({ name: `fill and examine ${length} B`, group: "touching" }, () => {
    fill(memory, 1, Number(length), size);
    examine(memory, 1, Number(length), size);
  });
  Deno.bench({ name: `memset and memchr ${length} B`, group: "touching" }, () => {
    memset(pointer, 1, size);
    memchr(pointer, 0xff, size);
  });
}

for (const count of [1e4, 1e5, 1e6]) {
  const samples = Float64Array.from({ length: count }, (_, index) => 1_000 + (index * 7919) % 997);
  Deno.bench({ name: `record ${count} samples`, group: "histogram" }, async () => {
    const histogram = await createHistogram();
    histogram.record(samples);
  });
  Deno.bench({ name: `median and interval of ${count} samples`, group: "statistics" }, () => {
    medianInterval(samples);
  });
}
