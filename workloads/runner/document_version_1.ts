/**
 * Version 1 of the run document, made into version 2.
 *
 * It had no titles, and warnings and marks were texts without a code.
 *
 * @module
 */
import { SCHEMA_ID } from "./document.ts";
import { warning, type WarningCode } from "./warning.ts";

export const SCHEMA_ID_1 = "ipc-taxonomy/run/1";

/** The titles of the facilities that suites which wrote version 1 had. */
const TITLES = new Map(Object.entries({
  "pipe": "Pipe",
  "fifo": "FIFO",
  "unix-stream": "UNIX stream socket",
  "tcp": "TCP socket",
  "sysv-message-queue": "System V message queue",
  "posix-message-queue": "POSIX message queue",
  "unix-datagram": "UNIX datagram socket",
  "unix-seqpacket": "UNIX sequenced-packet socket",
  "udp": "UDP socket",
  "pseudoterminal": "Pseudoterminal",
  "sysv-shared-memory": "System V shared memory",
  "posix-shared-memory": "POSIX shared memory",
  "anonymous-mapping": "Shared anonymous mapping",
  "file-mapping": "Shared file mapping",
  "memfd": "memfd",
  "standard-signal": "Standard signal",
  "realtime-signal": "Realtime signal",
  "sysv-semaphore": "System V semaphore",
  "posix-named-semaphore": "POSIX named semaphore",
  "posix-unnamed-semaphore": "POSIX unnamed semaphore",
  "fcntl-lock": "fcntl record lock",
  "ofd-lock": "Open file description lock",
  "flock": "flock",
  "mutex": "Mutex",
  "condition-variable": "Condition variable",
  "eventfd": "eventfd",
  "futex": "Futex",
  "shared-variable": "Shared variable",
}));

/** How the texts of version 1 begin, or what tells them, and what they mean. */
const CODES: readonly (readonly [RegExp, WarningCode])[] = [
  [/^the budget of \S+ s ended in round /, "budget-ended"],
  [/^something is left in /, "left-behind"],
  [/^the machine switched between \d+ states/, "machine-states"],
  [/^\d+ of \d+ cells did not settle to /, "not-settled"],
  [/^a trial of .* ended early: /s, "trial-ended-early"],
  [/^a trial of .* was lost: /s, "trial-lost"],
  [/^\d+ of \d+ cells have an interval of more than /, "wide-intervals"],
  [/^other processes used /, "other-processes"],
  [/^the CPU quota ran out /, "quota-ran-out"],
  [/^the hypervisor took /, "steal"],
  [/^its code was compiled anew while it was timed$/, "compiled-while-timed"],
  [/^the controls before and after it differ$/, "controls-differ"],
  [/^\d+ of \d+ trials were disturbed /, "disturbed-trials"],
  [/^the controls changed during /, "disturbed-trials"],
  [/^the trials drift in one direction/, "drift"],
  [/^only \d+ trials: the interval does not reach /, "few-trials"],
  [/^the trials fall into more than one group/, "multimodal"],
  [/^\d+ of \d+ trials lie far out/, "outliers"],
  [/^the rate that was reached is /, "rate-not-reached"],
  [/^opened through \/proc\/PID\/map_files/, "remark"],
  [/^a batch of \d+ ns is under /, "short-batch"],
  [/^the interval is ±/, "wide-interval"],
];

type Loose = Record<string, unknown>;

/**
 * The value as version 2; where it is not as version 1 should be, it stays so for the check of version
 * 2 to refuse. What version 1 does not define is kept.
 */
export function upgraded(value: Loose): Loose {
  const cells = list(value.cells).filter(isRecord);
  for (const cell of cells) {
    cell.warnings = coded(cell.warnings);
    for (const trial of list(cell.trials).filter(isRecord)) {
      if (trial.marks !== undefined) trial.marks = coded(trial.marks);
    }
  }
  const named = [...cells.filter(({ control }) => control !== true), ...list(value.claims)]
    .flatMap((each) => isRecord(each) && typeof each.facility === "string" ? [each.facility] : []);
  return {
    ...value,
    schema: SCHEMA_ID,
    facilities: [...new Set(named)].map((id) => ({ id, title: titleOf(id) })),
    warnings: coded(value.warnings),
  };
}

/** The title that pages gave to a facility when documents had none. */
export function titleOf(id: string): string {
  return TITLES.get(id) ?? id.charAt(0).toUpperCase() + id.slice(1).replaceAll("-", " ");
}

function coded(texts: unknown): unknown {
  if (!Array.isArray(texts)) return texts;
  return texts.map((text) => typeof text === "string" ? warning(codeOf(text), text) : text);
}

function codeOf(text: string): WarningCode {
  return CODES.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function isRecord(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
