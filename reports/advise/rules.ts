/**
 * Which facilities a question admits, by what they declare; each rule names the claims that hold a
 * facility to its declaration.
 *
 * @module
 */
import { type Declaration, isMemory, isTransfer, liesInMemory, offers } from "./declaration.ts";
import { type Need, type PatternId, PATTERNS, type Requirements } from "./requirements.ts";

/** Why a facility is left out, and the claim whose experiment shows it. */
export interface Objection {
  readonly reason: string;
  readonly claim: string;
}

/** One thing asked of a facility. */
interface Rule {
  /** What of the question it is about: `pattern`, `size`, or a need. */
  readonly id: string;
  readonly asked: (question: Requirements) => boolean;
  /** Null where the facility will do. */
  readonly objection: (facility: Declaration, question: Requirements) => Objection | null;
  /** The claim that shows that one which will do does; undefined where none is about it. */
  readonly shownBy?: (facility: Declaration) => string | undefined;
}

/** The single reason against a facility, or one variant of it, and the rule it comes from; null where it is admitted. */
export function objectionTo(
  facility: Declaration,
  question: Requirements,
): Objection & { readonly rule: string } | null {
  for (const { id, asked, objection } of RULES) {
    const found = asked(question) ? objection(facility, question) : null;
    if (found) return { rule: id, ...found };
  }
  return null;
}

/** The claims on which it rests that a facility is admitted, with the rules they are for. */
export function reliedOn(
  facility: Declaration,
  question: Requirements,
): { readonly rule: string; readonly claim: string }[] {
  return RULES.flatMap(({ id, asked, shownBy }) => {
    const claim = asked(question) ? shownBy?.(facility) : undefined;
    return claim ? [{ rule: id, claim }] : [];
  });
}

/** What kind of thing it is, where that is the reason. */
function without(facility: Declaration, what: "data" | "wake-up" | "lock"): Objection {
  const { semantics } = facility;
  if (isMemory(facility)) {
    return {
      reason: "shared memory synchronizes no one: who waits for a change has to keep looking",
      claim: "needs-synchronization",
    };
  }
  if (isTransfer(facility)) {
    return what === "lock"
      ? { reason: "it carries data; nobody holds it or lets it go", claim: "two-copies" }
      : { reason: "it wakes by a message only, which is copied twice", claim: "two-copies" };
  }
  if (semantics.whenFull === "coalesces") {
    return { reason: "it says no more than its number", claim: "signal-number" };
  }
  if (offers(facility, "lock") && (what === "wake-up" || !offers(facility, "notifier"))) {
    return {
      reason: what === "wake-up"
        ? "it wakes only who wants the lock, when its holder lets go"
        : "it carries no data: it admits one at a time",
      claim: "mutual-exclusion",
    };
  }
  return {
    reason: what === "lock"
      ? "it wakes who waits, and keeps nobody out"
      : "it carries no data: it wakes who waits",
    claim: "automatic-synchronization",
  };
}

const largest = (bytes: number): string => bytes.toLocaleString("en");

/** What can be written at once without another's bytes getting in between; 0 where nothing can. */
function atomicBytes({ manyPeers, limits }: Declaration): number {
  return manyPeers ? limits.find(({ name }) => name === "PIPE_BUF")?.value ?? 0 : 0;
}

const TORN: Objection = {
  reason: "several at one byte stream get their bytes in each other's way",
  claim: "undelimited",
};

const MEMORY_RACES: Objection = {
  reason: "shared memory orders nobody: of several writers at once, one's update is lost",
  claim: "needs-synchronization",
};

type Judge = (facility: Declaration, question: Requirements) => Objection | null;

const moves: Judge = (facility) =>
  isTransfer(facility) || isMemory(facility) ? null : without(facility, "data");

/** A stream that several share needs writes that stay whole. */
function mixes(facility: Declaration, { sizeBytes = 1 }: Requirements): Objection | null {
  const atomic = atomicBytes(facility);
  if (facility.semantics.boundaries !== "stream" || sizeBytes <= atomic) return null;
  if (atomic === 0) return TORN;
  return {
    ...TORN,
    reason: `${TORN.reason} above PIPE_BUF = ${largest(atomic)} bytes`,
  };
}

const BY_PATTERN: Readonly<Record<PatternId, Judge>> = {
  "request-reply": moves,
  stream: moves,
  "fan-in": (facility, question) => {
    if (isMemory(facility)) return MEMORY_RACES;
    return moves(facility, question) ??
      (facility.semantics.connections ? null : mixes(facility, question));
  },
  "work-queue": (facility, question) => {
    if (isMemory(facility)) {
      return {
        reason: "reading takes nothing away: every worker would see every item",
        claim: "not-destructive",
      };
    }
    const still = moves(facility, question);
    if (still) return still;
    if (facility.semantics.identifier === "process-id" && !question.needs.includes("threads")) {
      return { reason: "it goes to the one process that its id names", claim: "identifier" };
    }
    return mixes(facility, question);
  },
  broadcast: (facility, question) =>
    moves(facility, question) ?? (isMemory(facility) || facility.semantics.oneToMany ? null : {
      reason: "what one receiver took is gone for all others",
      claim: "destructive-read",
    }),
  "wake-up": (facility) => offers(facility, "notifier") ? null : without(facility, "wake-up"),
  "mutual-exclusion": (facility) => offers(facility, "lock") ? null : without(facility, "lock"),
};

const IDENTIFIER_WORDS: Readonly<Record<Declaration["semantics"]["identifier"], string>> = {
  none: "it has no name",
  pathname: "its name, a pathname, is this machine's",
  key: "its name, a System V key, is this machine's",
  "posix-name": "its POSIX name is this machine's",
  "address-and-port": "its address is known everywhere",
  "process-id": "its name, a process id, is this machine's",
};

const SHOWN_PATTERN: Partial<Record<PatternId, (facility: Declaration) => string | undefined>> = {
  "work-queue": () => "destructive-read",
  broadcast: (facility) => isMemory(facility) ? "not-destructive" : "one-to-many",
  "wake-up": ({ semantics }) =>
    semantics.whenFull === "coalesces" ? "signal-number" : "automatic-synchronization",
  "mutual-exclusion": () => "mutual-exclusion",
};

/** A rule on a need. */
function on(
  need: Need,
  objection: Rule["objection"],
  shownBy?: Rule["shownBy"],
): Rule {
  return { id: need, asked: ({ needs }) => needs.includes(need), objection, shownBy };
}

const RULES: readonly Rule[] = [
  {
    id: "threads",
    asked: ({ needs }) => !needs.includes("threads"),
    objection: ({ semantics }) =>
      semantics.accessibility === "same-process"
        ? { reason: "only the threads of one process share it", claim: "accessibility" }
        : null,
  },
  {
    id: "pattern",
    asked: () => true,
    objection: (facility, question) => BY_PATTERN[question.pattern](facility, question),
  },
  ...(Object.keys(SHOWN_PATTERN) as PatternId[]).map((pattern): Rule => ({
    id: "pattern",
    asked: (question) => question.pattern === pattern,
    objection: () => null,
    shownBy: SHOWN_PATTERN[pattern],
  })),
  {
    id: "size",
    asked: ({ pattern }) => PATTERNS[pattern].data,
    objection: ({ largestMessage }, { sizeBytes = 0 }) =>
      !largestMessage || sizeBytes <= largestMessage.value ? null : {
        reason: `a message goes whole or not at all, and ${largestMessage.name} = ${
          largest(largestMessage.value)
        } bytes is less (${largestMessage.source})`,
        claim: "whole-message",
      },
  },
  on(
    "threads",
    ({ semantics }) =>
      semantics.lockOwner === "process"
        ? {
          reason: "the process holds it, so its threads do not exclude each other",
          claim: "lock-ownership",
        }
        : null,
    () => "threads",
  ),
  on(
    "boundaries",
    (facility) => {
      if (facility.semantics.boundaries === "message") return null;
      return isMemory(facility)
        ? {
          reason: "memory has no messages: where one ends is for its users to agree on",
          claim: "same-pages",
        }
        : { reason: "a read returns any number of the bytes written", claim: "undelimited" };
    },
    () => "whole-message",
  ),
  on(
    "priorities",
    (facility) => {
      const { order, whenFull } = facility.semantics;
      if (order === "priority" || order === "type" || order === "signal-number") return null;
      if (order === "sending") {
        return { reason: "it hands on in the order of sending", claim: "priority" };
      }
      if (isMemory(facility)) {
        return { reason: "memory has no queue in which to overtake", claim: "same-pages" };
      }
      if (isTransfer(facility)) {
        return { reason: "what comes is taken as it comes", claim: "destructive-read" };
      }
      return whenFull === "coalesces"
        ? { reason: "it says no more than its number", claim: "signal-number" }
        : { reason: "one wake-up is like the other", claim: "automatic-synchronization" };
    },
    ({ semantics }) => semantics.order === "signal-number" ? "realtime-queue" : "priority",
  ),
  on(
    "unrelated",
    ({ semantics }) =>
      semantics.identifier !== "none" || liesInMemory(semantics) ? null : {
        reason: "it has no name by which a process that did not inherit it could find it",
        claim: "identifier",
      },
    () => "identifier",
  ),
  on(
    "pollable",
    (facility) =>
      facility.semantics.pollable
        ? null
        : { reason: "poll does not wait for it", claim: "pollable" },
    () => "pollable",
  ),
  on(
    "survives-exit",
    ({ semantics }) =>
      semantics.persistence !== "process" || liesInMemory(semantics) ? null : {
        reason: "it is gone when its processes are",
        claim: "persistence",
      },
    () => "persistence",
  ),
  on(
    "other-users",
    ({ semantics }) => {
      switch (semantics.accessibility) {
        case "related-processes":
          return {
            reason: "another user can only be handed it, not open it",
            claim: "accessibility",
          };
        case "same-user":
          return { reason: "another user's process is refused", claim: "accessibility" };
        default:
          return null;
      }
    },
    () => "accessibility",
  ),
  on(
    "network-later",
    ({ semantics }) =>
      semantics.identifier === "address-and-port" ? null : {
        reason: `${IDENTIFIER_WORDS[semantics.identifier]}: another machine cannot find it`,
        claim: "identifier",
      },
    () => "identifier",
  ),
];
