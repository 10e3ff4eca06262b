/**
 * What the harness itself costs on this machine, from the control rows of the same run.
 *
 * @module
 */
import { now } from "../../facilities/libc/time.ts";
import type { Calibration, Cell } from "./document.ts";

const READINGS = 20_000;

/** The smallest step between two different readings of the clock, nanoseconds. */
export function clockStep(): number {
  let smallest = Infinity;
  let last = now();
  for (let reading = 0; reading < READINGS; reading++) {
    const current = now();
    if (current > last) smallest = Math.min(smallest, current - last);
    last = current;
  }
  return smallest;
}

/** The calibration, or null when the control rows were not reached. */
export function calibrationOf(cells: readonly Cell[], clockStepNs: number): Calibration | null {
  const estimate = (workload: string) => {
    const found = cells.filter((cell) => cell.control && cell.workload === workload)
      .filter((cell) => cell.status === "measured")
      .map((cell) => cell.estimate);
    return found.length > 0 ? Math.max(...found) : null;
  };
  const clockNs = estimate("clock");
  const ffiCallNs = estimate("null-call");
  const syscallNs = estimate("null-syscall");
  const memcpyBytesPerSecond = estimate("memcpy");
  if (clockNs === null || ffiCallNs === null || syscallNs === null) return null;
  return {
    clockNs,
    clockStepNs,
    ffiCallNs,
    syscallNs,
    memcpyBytesPerSecond: memcpyBytesPerSecond ?? 0,
  };
}
