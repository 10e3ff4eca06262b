/**
 * What each workload and chart shows, and what it does not.
 *
 * @module
 */

export interface Explanation {
  /** What one operation is. */
  does: string;
  /** What its figure must not be taken for. */
  not: string;
}

export const WORKLOADS: Record<string, Explanation> = {
  "round-trip": {
    does:
      "A message goes to the peer and a message of the same size comes back; the time is that of " +
      "both together.",
    not: "It is not halved: the ways there and back need not cost the same.",
  },
  throughput: {
    does:
      "One side sends as fast as the facility takes it; the clock stops when the receiver has " +
      "the last byte.",
    not: "It says nothing about how long a single message waits: the buffers are full.",
  },
  "one-way": {
    does: "The sender notes the time in the message, the receiver compares it with its own clock " +
      "reading; both read the system-wide monotonic clock.",
    not: "It is no half of a round trip.",
  },
  paced: {
    does:
      "Messages leave at a fixed pace with pauses between them; latency counts from the moment " +
      "at which a message should have left.",
    not:
      "It does not show what the facility can carry at most; with long pauses it shows how deep " +
      "the CPUs sleep.",
  },
  "hand-off": {
    does: "Two participants wake each other in turns, without any data.",
    not: "It does not contain the cost of moving data.",
  },
  uncontended: {
    does: "One participant takes and gives back a lock that nobody else wants.",
    not: "It is the lower bound of a lock, not its cost under load.",
  },
  "uncontended-post": {
    does: "One participant posts and takes its own post, so that nobody ever sleeps.",
    not: "It is the lower bound of a notification, without any waking.",
  },
  contended: {
    does: "Several participants take and give back one lock as often as they can, for a set time.",
    not: "A high rate can come from one participant keeping the lock to itself.",
  },
  "lock-hand-off": {
    does:
      "Two participants pass locks back and forth, so that each acquisition has to wait for the " +
      "other's release.",
    not: "It is the worst case of a lock, not its usual one.",
  },
  "core-to-core": {
    does: "One byte goes to another CPU and back through shared memory, both sides spinning: the " +
      "distances within the machine.",
    not: "Nobody sleeps, so it is no figure for programs that wait.",
  },
  "fan-in": {
    does: "Several writers send to one reader at once.",
    not: "The rate is that of all writers together.",
  },
  "fan-out": {
    does: "One writer feeds several readers, each message taken by one of them.",
    not: "It is no broadcast.",
  },
  pairs: {
    does: "Several independent pairs work at once; the figure is the machine's total.",
    not: "It says nothing about one pair alone.",
  },
  burst: {
    does: "How much fits into the facility before its writer has to wait.",
    not: "It is a capacity, not a speed.",
  },
  lifecycle: {
    does: "The object is created, opened, closed and removed.",
    not: "No data moves.",
  },
};

export const CHARTS: { title: string; shows: string; not: string }[] = [
  {
    title: "Ranking",
    shows:
      "The median over trials with its 95 % interval. A facility whose interval reaches that of " +
      "the leader of its group shares the leader's rank: the data cannot tell them apart.",
    not: "Ranks hold for the size and placement named above the table, not beyond.",
  },
  {
    title: "Against message size",
    shows:
      "Estimates with 95 % intervals on two logarithmic axes. The flat part is the cost of a " +
      "call and a wake-up, the rising part the cost of copying; a ring marks the knee between them, " +
      "where two joined lines fit the logarithms best (Hudson, 1966).",
    not: "Between the measured sizes the line only guides the eye.",
  },
  {
    title: "The slowest operations",
    shows:
      "The share of operations that were done within a time, the tail spread out: each step to " +
      "the right leaves a tenth.",
    not: "Operations too short for the clock are timed in batches; there the curve is that of " +
      "batches' means, which hides single slow operations.",
  },
  {
    title: "Against CPU cost",
    shows: "User and system time of all participants for one operation.",
    not: "It does not contain what the kernel does on nobody's account.",
  },
  {
    title: "Region by waiting strategy",
    shows:
      "The cost of sharing memory and the cost of waiting apart: along a row only the waiting " +
      "changes, down a column only the memory.",
    not: "Spinning is shown only where the peer has a CPU of its own.",
  },
  {
    title: "Trials",
    shows:
      "Every trial's own figure. Box: the middle half. Line: the median. Whiskers: up to 1.5 " +
      "times the box. Points: all others. As violins: the wider, the more trials lie there.",
    not: "Outliers are drawn and counted, never dropped.",
  },
  {
    title: "History",
    shows:
      "Runs of one machine over time. Steps are found by E-divisive (Matteson and James, 2014) on " +
      "the logarithms, at a permutation probability of at most 0.01, of at least 3 %, with five " +
      "runs or more on either side.",
    not: "A step says that the level changed, not why; what else changed there is named beside it.",
  },
];
