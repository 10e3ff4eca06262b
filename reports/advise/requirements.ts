/**
 * What is asked of a facility: a pattern, a size, and needs that are there or not.
 *
 * @module
 */

/** How the participants work together, and the workload that measures it. */
export interface Pattern {
  readonly id: PatternId;
  /** As the subject of a sentence. */
  readonly words: string;
  /** Whether messages go, so that their size matters. */
  readonly data: boolean;
  readonly workload: string;
  /** What the figure is of, where that is not the pattern itself. */
  readonly remark?: string;
  /** Participants that the ranking stands at, where the workload has several numbers of them. */
  readonly count?: number;
  /** Bytes a message when nothing else is asked. */
  readonly usualBytes?: number;
}

export const PATTERN_IDS = [
  "request-reply",
  "stream",
  "fan-in",
  "work-queue",
  "broadcast",
  "wake-up",
  "mutual-exclusion",
] as const;
export type PatternId = typeof PATTERN_IDS[number];

const MESSAGE = { data: true, usualBytes: 64 };

export const PATTERNS: Readonly<Record<PatternId, Pattern>> = {
  "request-reply": {
    ...MESSAGE,
    id: "request-reply",
    words: "a request and its reply",
    workload: "round-trip",
  },
  stream: {
    id: "stream",
    words: "a stream of data one way",
    data: true,
    usualBytes: 4096,
    workload: "throughput",
  },
  "fan-in": {
    ...MESSAGE,
    id: "fan-in",
    words: "several writers and one reader",
    workload: "fan-in",
    count: 5,
    remark: "measured with four writers",
  },
  "work-queue": {
    ...MESSAGE,
    id: "work-queue",
    words: "several workers that each take what no other got",
    workload: "fan-out",
    count: 5,
    remark: "measured with four workers",
  },
  broadcast: {
    ...MESSAGE,
    id: "broadcast",
    words: "one message that all of several receivers get",
    workload: "one-way",
    remark: "measured to one receiver; what each further one costs was not",
  },
  "wake-up": {
    id: "wake-up",
    words: "waking a sleeper",
    data: false,
    workload: "hand-off",
    remark: "there and back",
  },
  "mutual-exclusion": {
    id: "mutual-exclusion",
    words: "one at a time",
    data: false,
    workload: "uncontended",
    remark: "acquired and released with nobody in the way",
  },
};

/** Needs that are there or not, by the option's name. */
export const NEEDS = [
  ["unrelated", "between processes without a common ancestor"],
  ["boundaries", "messages stay apart"],
  ["priorities", "what is urgent overtakes"],
  ["pollable", "poll waits for it beside other handles"],
  ["survives-exit", "the object outlives its processes"],
  ["other-users", "between users, by permission"],
  ["network-later", "the other end may move to another machine"],
  ["threads", "between the threads of one process"],
] as const;
export type Need = typeof NEEDS[number][0];
export const NEED_IDS: readonly Need[] = NEEDS.map(([id]) => id);

export interface Requirements {
  readonly pattern: PatternId;
  /** Bytes a message; undefined where the pattern moves no data. */
  readonly sizeBytes?: number;
  /** In the order of `NEEDS`. */
  readonly needs: readonly Need[];
  /** Operations a second that it must keep up with. */
  readonly perSecond?: number;
  /** Share of one CPU that all participants together may take at that rate: 0.2 for 20 %. */
  readonly cpuShare?: number;
  /** Where the participants run; undefined: the usual placement of the run. */
  readonly placement?: string;
}

/** What may be left out when asking. */
export type Asked = Partial<Omit<Requirements, "needs">> & { readonly needs?: readonly Need[] };

/** The question that nothing was said of. */
export const DEFAULT_PATTERN: PatternId = "request-reply";

/** Fills in what was not said. */
export function requirementsOf(asked: Asked = {}): Requirements {
  const { pattern = DEFAULT_PATTERN, needs = [], sizeBytes, ...rest } = asked;
  const { data, usualBytes } = PATTERNS[pattern];
  return {
    pattern,
    ...(data && { sizeBytes: sizeBytes ?? usualBytes }),
    needs: NEED_IDS.filter((need) => needs.includes(need)),
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
  };
}

/** Needs of messages, which a pattern without data has none of. */
const OF_MESSAGES: readonly Need[] = ["boundaries"];
/** What the threads of one process never are. */
const NEVER_THREADS: readonly Need[] = [
  "unrelated",
  "survives-exit",
  "other-users",
  "network-later",
];

/** Why no answer to this question makes sense, and what would; null where one does. */
export function contradiction(asked: Asked): string | null {
  const { pattern = DEFAULT_PATTERN, needs = [], sizeBytes, perSecond, cpuShare } = asked;
  const { data, words } = PATTERNS[pattern];
  const first = (among: readonly Need[]) => among.find((need) => needs.includes(need));
  if (!data) {
    const ofMessages = first(OF_MESSAGES) ??
      (pattern === "mutual-exclusion" ? first(["priorities"]) : undefined) ??
      (sizeBytes === undefined ? undefined : "size");
    if (ofMessages) {
      return `--${ofMessages} is about messages, and ${pattern} (${words}) sends none; leave it out`;
    }
  }
  const apart = first(NEVER_THREADS);
  if (needs.includes("threads") && apart) {
    return `--threads and --${apart} exclude each other: threads share one process; leave one out`;
  }
  if (cpuShare !== undefined && perSecond === undefined) {
    return "--cpu-budget is a budget at some rate; say at which, for example --rate 10k/s";
  }
  return null;
}
