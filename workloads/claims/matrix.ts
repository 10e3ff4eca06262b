/**
 * The verdicts put together: what each facility was found to be, and the System V facilities beside
 * their POSIX counterparts.
 *
 * @module
 */
import type { ClaimVerdict } from "../runner/document.ts";

/** A property of a facility, and the claims that show what it is. */
interface Property {
  readonly id: string;
  readonly title: string;
  /** Of these, at most one applies to a facility. */
  readonly claims: readonly string[];
}

/** The columns of the book's tables 43-1 and 43-2, and what the taxonomy says besides. */
export const PROPERTIES: readonly Property[] = [
  { id: "identifier", title: "Identifier", claims: ["identifier"] },
  { id: "handle", title: "Handle", claims: ["handle"] },
  { id: "accessibility", title: "Accessibility", claims: ["accessibility"] },
  { id: "persistence", title: "Persistence", claims: ["persistence"] },
  { id: "boundaries", title: "Boundaries", claims: ["undelimited", "whole-message"] },
  { id: "reads", title: "Reads", claims: ["destructive-read", "not-destructive"] },
  { id: "waiting", title: "Waiting", claims: ["automatic-synchronization"] },
  { id: "order", title: "Order", claims: ["priority"] },
  { id: "pollable", title: "poll works", claims: ["pollable"] },
  { id: "peek", title: "Peek", claims: ["peek"] },
  { id: "holder-dies", title: "Holder dies", claims: ["robustness"] },
  { id: "lock-owner", title: "Lock belongs to", claims: ["lock-ownership"] },
];

/** One property of one facility. */
export interface PropertyCell {
  /** What it was found to be; null where it was not found to be as declared. */
  readonly value: string | null;
  readonly claim: string;
  readonly verdict: ClaimVerdict["verdict"];
  readonly observed: string;
  readonly reason?: string;
}

/** Facilities by properties: the book's tables, measured. */
export interface PropertyMatrix {
  readonly properties: readonly { readonly id: string; readonly title: string }[];
  readonly rows: readonly {
    readonly facility: string;
    /** By the property's id; absent where no claim about it was tried. */
    readonly cells: Readonly<Record<string, PropertyCell>>;
  }[];
}

/** What each facility was found to be. */
export function propertyMatrix(verdicts: readonly ClaimVerdict[]): PropertyMatrix {
  const rows = facilitiesOf(verdicts).map((facility) => {
    const own = verdicts.filter((verdict) => verdict.facility === facility);
    const cells = PROPERTIES.flatMap(({ id, claims }) => {
      const about = own.filter((verdict) => claims.includes(verdict.id));
      const found = about.find(({ verdict }) => verdict !== "not-applicable") ?? about[0];
      return found ? [[id, cellOf(found)] as const] : [];
    });
    return { facility, cells: Object.fromEntries(cells) };
  });
  return { properties: PROPERTIES.map(({ id, title }) => ({ id, title })), rows };
}

function cellOf({ id, verdict, value, observed, reason }: ClaimVerdict): PropertyCell {
  return {
    value: verdict === "holds" ? value ?? null : null,
    claim: id,
    verdict,
    observed,
    ...(reason !== undefined && { reason }),
  };
}

/** The facilities in the order of the verdicts. */
export function facilitiesOf(verdicts: readonly ClaimVerdict[]): string[] {
  return [...new Set(verdicts.map(({ facility }) => facility))];
}

/** System V facilities and the POSIX ones that came to mend them. */
export const PAIRS: readonly { readonly title: string; readonly facilities: [string, string] }[] = [
  { title: "Message queue", facilities: ["sysv-message-queue", "posix-message-queue"] },
  { title: "Semaphore", facilities: ["sysv-semaphore", "posix-named-semaphore"] },
  { title: "Shared memory", facilities: ["sysv-shared-memory", "posix-shared-memory"] },
];

/** One statement about both facilities of a pair. */
export interface PairRow {
  readonly claim: string;
  readonly statement: string;
  /** The verdict on the System V facility and on the POSIX one. */
  readonly verdicts: readonly [ClaimVerdict, ClaimVerdict];
  /** Whether both were seen to behave alike. */
  readonly alike: boolean;
}

/** A pair side by side. */
export interface PairTable {
  readonly title: string;
  readonly facilities: readonly [string, string];
  readonly rows: readonly PairRow[];
}

/** System V against POSIX: every statement that applies to at least one of a pair. */
export function pairTables(verdicts: readonly ClaimVerdict[]): PairTable[] {
  const claims = [...new Set(verdicts.map(({ id }) => id))];
  const verdictOn = (claim: string, facility: string) =>
    verdicts.find((verdict) => verdict.id === claim && verdict.facility === facility);
  return PAIRS.map(({ title, facilities }) => ({
    title,
    facilities,
    rows: claims.flatMap((claim) => {
      const [first, second] = facilities.map((facility) => verdictOn(claim, facility));
      if (!first || !second) return [];
      if (first.verdict === "not-applicable" && second.verdict === "not-applicable") return [];
      const alike = first.verdict === second.verdict && first.verdict !== "unknown" &&
        first.observed === second.observed;
      return [{ claim, statement: first.statement, verdicts: [first, second] as const, alike }];
    }),
  })).filter(({ rows }) => rows.length > 0);
}

/** Statements by facilities. */
export interface VerdictMatrix {
  readonly facilities: readonly string[];
  readonly rows: readonly {
    readonly claim: string;
    /** One for each facility; null where the pair was not tried. */
    readonly verdicts: readonly (ClaimVerdict["verdict"] | null)[];
  }[];
}

export function verdictMatrix(verdicts: readonly ClaimVerdict[]): VerdictMatrix {
  const facilities = facilitiesOf(verdicts);
  const claims = [...new Set(verdicts.map(({ id }) => id))];
  const rows = claims.map((claim) => ({
    claim,
    verdicts: facilities.map((facility) =>
      verdicts.find((each) => each.id === claim && each.facility === facility)?.verdict ?? null
    ),
  }));
  return { facilities, rows };
}
