/**
 * Whether what somebody's module exports is a facility: all that a plan relies on, before anything is
 * measured.
 *
 * @module
 */
import type { Facility, Semantics } from "./facility.ts";

/** What the fields of the semantics may be; the others are true or false, or absent. */
const WORDS = {
  boundaries: ["stream", "message", "none"],
  identifier: ["none", "pathname", "key", "posix-name", "address-and-port", "process-id"],
  handle: ["descriptor", "message-queue-descriptor", "ipc-id", "pointer", "none"],
  accessibility: [
    "related-processes",
    "permission-mask",
    "any-process",
    "underlying-memory",
    "same-user",
    "same-process",
  ],
  persistence: ["process", "kernel", "file-system"],
  order: ["sending", "priority", "type", "signal-number", "none"],
  whenFull: ["blocks", "loses", "refuses", "coalesces", "none"],
} as const satisfies { readonly [K in keyof Semantics]?: readonly Semantics[K][] };

const PARTICIPANTS = ["process", "thread"] as const;
const CAPABILITIES = ["channel", "notifier", "lock", "region"] as const;

/** Ids stand in cell ids, whose parts a slash separates. */
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LONGEST_ID = 60;

/**
 * Returns the value as a facility; what it answers when a plan asks it is tried, too.
 *
 * @throws {TypeError} naming the field that is wrong; and whatever its functions throw
 */
export function asFacility(value: unknown): Facility {
  const facility = record(value, "facility");
  assertId(facility.id, "id");
  assertText(facility.title, "title");
  assertText(facility.summary, "summary");
  const origin = record(facility.origin, "origin");
  assertText(origin.family, "origin.family");
  assertText(origin.source, "origin.source");
  assertSemantics(record(facility.semantics, "semantics"));
  const variants = assertVariants(facility.variants);
  assertOneOf(facility.usualParticipants, [undefined, ...PARTICIPANTS], "usualParticipants");
  assertLimits(assertFunction(facility.limits, "limits").call(facility), "what limits() returns");
  for (const name of ["inapplicable", "remark"]) {
    if (facility[name] === undefined) continue;
    const ask = assertFunction(facility[name], name);
    for (const participants of PARTICIPANTS) {
      const answer = ask.call(facility, participants);
      if (answer !== null) assertText(answer, `what ${name}("${participants}") returns`);
    }
  }
  const offered = CAPABILITIES.filter((name) => facility[name] !== undefined);
  if (offered.length === 0) refuse(CAPABILITIES.join(", "), undefined, "one of them at least");
  for (const name of offered) assertOffer(record(facility[name], name), name, variants);
  return value as Facility;
}

function assertSemantics(semantics: Record<string, unknown>): void {
  for (const [name, words] of Object.entries(WORDS)) {
    assertOneOf(semantics[name], words, `semantics.${name}`);
  }
  for (const name of ["pollable", "peek"]) {
    assertOneOf(semantics[name], [true, false], `semantics.${name}`);
  }
  for (const name of ["destructiveReads", "emptyBlocks"]) {
    assertOneOf(semantics[name], [true, false, null], `semantics.${name}`);
  }
}

/** The ids of the variants. */
function assertVariants(value: unknown): readonly string[] {
  if (value === undefined) return [];
  const ids = list(value, "variants").map((each, index) => {
    const variant = record(each, `variants.${index}`);
    assertId(variant.id, `variants.${index}.id`);
    assertText(variant.summary, `variants.${index}.summary`);
    assertOneOf(variant.spins, [undefined, true, false], `variants.${index}.spins`);
    return variant.id as string;
  });
  if (ids.length === 0) refuse("variants", "an empty list", "one at least, or none of the field");
  if (new Set(ids).size < ids.length) refuse("variants", ids.join(), "ids that differ");
  return ids;
}

function assertOffer(
  offer: Record<string, unknown>,
  name: string,
  variants: readonly string[],
): void {
  assertFunction(offer.create, `${name}.create`);
  assertFunction(offer.attach, `${name}.attach`);
  if (offer.variants !== undefined) {
    const own = list(offer.variants, `${name}.variants`);
    for (const id of own) assertOneOf(id, variants, `${name}.variants`);
    if (new Set(own).size < own.length) refuse(`${name}.variants`, own.join(), "ids that differ");
  }
  for (const flag of ["manyPeers", "lossy"]) {
    assertOneOf(offer[flag], [undefined, true, false], `${name}.${flag}`);
  }
  if (offer.largestMessage !== undefined) {
    const ask = assertFunction(offer.largestMessage, `${name}.largestMessage`);
    for (const variant of variants.length > 0 ? variants : [undefined]) {
      const answer = ask.call(offer, variant);
      if (answer !== undefined) assertLimits([answer], `what ${name}.largestMessage() returns`);
    }
  }
  if (offer.capacities !== undefined) {
    const what = `what ${name}.capacities() returns`;
    const sizes = list(assertFunction(offer.capacities, `${name}.capacities`).call(offer), what);
    for (const size of sizes) {
      if (!Number.isSafeInteger(size) || (size as number) < 1) refuse(what, size, "bytes");
    }
  }
}

function assertLimits(value: unknown, what: string): void {
  for (const each of list(value, what)) {
    const { name, value: amount, source, unit, raise } = record(each, what);
    assertText(name, `${what}, name`);
    assertText(source, `${what}, source`);
    if (!Number.isFinite(amount)) refuse(`${what}, value`, amount, "a number");
    if (unit !== undefined) assertText(unit, `${what}, unit`);
    if (raise !== undefined) assertText(raise, `${what}, raise`);
  }
}

function assertId(value: unknown, what: string): void {
  assertText(value, what);
  if (ID.test(value as string) && (value as string).length <= LONGEST_ID) return;
  refuse(what, value, "lower-case words joined by hyphens");
}

function assertText(value: unknown, what: string): void {
  if (typeof value !== "string") refuse(what, value, "a text");
}

function assertOneOf(value: unknown, valid: readonly unknown[], what: string): void {
  if (!valid.includes(value)) refuse(what, value, valid.map(String).join(", ") || "nothing");
}

type Callable = (...args: unknown[]) => unknown;

function assertFunction(value: unknown, what: string): Callable {
  if (typeof value !== "function") refuse(what, value, "a function");
  return value as Callable;
}

function record(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null) refuse(what, value, "an object");
  return value as Record<string, unknown>;
}

function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) refuse(what, value, "a list");
  return value as readonly unknown[];
}

function refuse(what: string, value: unknown, expected: string): never {
  throw new TypeError(`${what} is ${shown(value)}, expected ${expected}`);
}

const LONGEST_SHOWN = 40;

/** A value in a few words; whoever made it may not want it to be shown. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST_SHOWN));
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "a list" : "an object";
  }
  return typeof value === "function" ? "a function" : String(value);
}
