/**
 * Core to core: the round trip of one byte between every two CPUs, through shared memory that both
 * spin on; the distances within the machine.
 *
 * @module
 */
import { workload as roundTrip } from "./round_trip.ts";
import type { Point, Room, Workload } from "./workload.ts";

const FACILITY = "posix-shared-memory";
/** Pairs grow with the square: of more CPUs than this, as many are taken, evenly spaced. */
const MOST_CPUS = 64;

function points({ facility, cpus }: Room): Point[] {
  if (facility.id !== FACILITY) return [];
  const step = Math.max(1, cpus.length / MOST_CPUS);
  const taken = cpus.filter((_, index) => index % step < 1);
  return taken.flatMap((first, index) =>
    taken.slice(index + 1).map((second) => ({
      count: 2,
      cpus: [first, second],
      parameters: { pair: `${first}-${second}` },
    }))
  );
}

export const workload: Workload<"channel"> = {
  ...roundTrip,
  id: "core-to-core",
  title: "Core to core",
  summary: "One byte to another CPU and back, both spinning on shared memory.",
  secondary: true,
  sizes: [1],
  waits: ["spin"],
  points,
};
