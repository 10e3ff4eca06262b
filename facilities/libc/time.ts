/**
 * `time.h`: CLOCK_MONOTONIC in integer nanoseconds.
 *
 * The clock is one for the whole system, so that two processes may subtract each other's readings.
 * Readings are relative to a base second, which keeps them exact in a double for 104 days.
 *
 * @see {@link https://man7.org/linux/man-pages/man2/clock_gettime.2.html clock_gettime(2)}
 * @module
 */
import { open, openLate } from "./library.ts";
import { Struct } from "./memory.ts";

const CLOCK_MONOTONIC = 1;
const TIMER_ABSTIME = 1;

export const { clock_gettime } = open({
  clock_gettime: { parameters: ["i32", "pointer"], result: "i32" },
});

const late = openLate({
  clock_nanosleep: { parameters: ["i32", "i32", "pointer", "pointer"], result: "i32" },
});

/** `struct timespec` */
const TIMESPEC = { size: 16, tv_sec: 0, tv_nsec: 8 };

const timespec = new Struct(TIMESPEC.size);
const pointer = timespec.pointer;
// Both fields are 64 bits wide; their low words hold all there is for 136 years.
const halves = new Uint32Array(timespec.bytes.buffer);

const due = new Struct(16);
const dueHalves = new Uint32Array(due.bytes.buffer);

let base = 0;

/** Nanoseconds of CLOCK_MONOTONIC since the base second. */
export function now(): number {
  clock_gettime(CLOCK_MONOTONIC, pointer);
  return (halves[0]! - base) * 1e9 + halves[2]!;
}

/**
 * Notes what `now()` would return. Where a loop is too long for `now` to be compiled into it, the
 * number that it returned would be allocated.
 */
export function noteNow(times: Float64Array, at: number): void {
  clock_gettime(CLOCK_MONOTONIC, pointer);
  times[at] = (halves[0]! - base) * 1e9 + halves[2]!;
}

/** Sleeps until `now()` will be at least `moment`, or a signal comes. */
export function sleepUntil(moment: number): void {
  const seconds = Math.floor(moment / 1e9);
  dueHalves[0] = base + seconds;
  dueHalves[2] = moment - seconds * 1e9;
  late.clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, due.pointer, null);
}

/** The current second of CLOCK_MONOTONIC, to be given to every participant of a trial. */
export function currentSecond(): number {
  clock_gettime(CLOCK_MONOTONIC, pointer);
  return halves[0]!;
}

/** Makes `now()` count from the given second of CLOCK_MONOTONIC. */
export function setBaseSecond(second: number): void {
  base = second;
}

/** A `struct timespec` that holds a span of milliseconds. */
export function timespecOf(milliseconds: number): Struct {
  const seconds = Math.floor(milliseconds / 1000);
  return new Struct(TIMESPEC.size)
    .setI64(TIMESPEC.tv_sec, seconds)
    .setI64(TIMESPEC.tv_nsec, Math.round((milliseconds - seconds * 1000) * 1e6));
}
