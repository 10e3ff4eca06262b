/**
 * Whether what somebody's module exports is a facility: all that a plan relies on, before anything is
 * measured.
 *
 * @module
 */
import * as v from "valibot";
import type { Facility, Participants, Variant } from "./facility.ts";
import { FacilitySchema, LimitSchema } from "./facility_schema.ts";

const PARTICIPANTS = ["process", "thread"] as const satisfies readonly Participants[];
const CAPABILITIES = ["channel", "notifier", "lock", "region"] as const;

const Limits = v.array(v.unknown(), "a list");
const Answer = v.nullable(v.string("a text"));
const Capacities = v.array(v.unknown(), "a list");
const Capacity = v.pipe(v.number("bytes"), v.safeInteger("bytes"), v.minValue(1, "bytes"));

/**
 * Returns the value as a facility; what it answers when a plan asks it is tried, too.
 *
 * @throws {TypeError} naming the field that is wrong; and whatever its functions throw
 */
export function asFacility(value: unknown): Facility {
  check(FacilitySchema, value, "");
  const facility = value as Facility;
  const ids = (facility.variants ?? []).map(({ id }: Variant) => id);
  assertDiffer(ids, "variants");
  assertLimits(facility.limits(), "what limits() returns");
  for (const name of ["inapplicable", "remark"] as const) {
    for (const participants of PARTICIPANTS) {
      const answer = facility[name]?.(participants) ?? null;
      check(Answer, answer, `what ${name}("${participants}") returns`);
    }
  }
  const offered = CAPABILITIES.filter((name) => facility[name] !== undefined);
  if (offered.length === 0) refuse(CAPABILITIES.join(", "), undefined, "one of them at least");
  for (const name of offered) assertVariants(facility[name]?.variants ?? [], ids, name);
  assertChannel(facility, ids);
  return facility;
}

function assertVariants(own: readonly string[], all: readonly string[], name: string): void {
  for (const id of own) {
    if (!all.includes(id)) refuse(`${name}.variants`, id, all.join(", ") || "nothing");
  }
  assertDiffer(own, `${name}.variants`);
}

function assertDiffer(ids: readonly string[], what: string): void {
  if (new Set(ids).size < ids.length) refuse(what, ids.join(), "ids that differ");
}

function assertChannel({ channel }: Facility, variants: readonly string[]): void {
  if (channel?.largestMessage !== undefined) {
    for (const variant of variants.length > 0 ? variants : [undefined]) {
      const answer = channel.largestMessage(variant);
      if (answer !== undefined) assertLimits([answer], "what channel.largestMessage() returns");
    }
  }
  if (channel?.capacities !== undefined) {
    const what = "what channel.capacities() returns";
    const sizes: unknown = channel.capacities();
    check(Capacities, sizes, what);
    for (const size of sizes as unknown[]) check(Capacity, size, what);
  }
}

function assertLimits(value: unknown, what: string): void {
  check(Limits, value, what);
  for (const each of value as unknown[]) check(LimitSchema, each, what);
}

/** @throws {TypeError} what is the first that the schema does not allow */
function check(schema: v.GenericSchema, value: unknown, what: string): void {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return;
  const [issue] = result.issues;
  const path = issue.path?.map(({ key }) => String(key)).join(".") ?? "";
  const name = [what, path].filter((part) => part !== "").join(", ") || "facility";
  const key = issue.path?.at(-1)?.key;
  if (issue.expected === JSON.stringify(key)) throw new TypeError(`${name} is missing`);
  if (issue.expected === "never") throw new TypeError(`${name} is not a known field`);
  refuse(name, issue.input, issue.message);
}

function refuse(what: string, value: unknown, expected: string): never {
  throw new TypeError(`${what} is ${shown(value)}, expected ${expected}`);
}

const LONGEST_SHOWN = 40;

/** A value in a few words; whoever made it may not want it to be shown. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, LONGEST_SHOWN));
  if (typeof value === "object" && value !== null) {
    if (!Array.isArray(value)) return "an object";
    return value.length === 0 ? "an empty list" : "a list";
  }
  return typeof value === "function" ? "a function" : String(value);
}
