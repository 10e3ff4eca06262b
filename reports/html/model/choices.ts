/**
 * What a page's reader has chosen, and how it stands in the address: only what differs from the
 * default does.
 *
 * @module
 */

export interface Choices {
  /** Undefined: the usual placement of each workload. */
  placement?: string;
  /** Undefined: processes, where there are any. */
  participants?: "process" | "thread";
  /** The message size of rankings and of charts at one size. Undefined: the usual size. */
  size?: number;
  /** The facility that others are compared with. Undefined: the best one. */
  baseline?: string;
  /** Facilities and series that are not to be seen. */
  hide: ReadonlySet<string>;
  /** Series to be seen beside the best one of their facility. */
  show: ReadonlySet<string>;
  /** Charts with linear axes, by their kind. */
  linear: ReadonlySet<string>;
  /** Whether trials are drawn as violins; as box plots by default. */
  violin: boolean;
  /** Of the compare page: the runs compared. Undefined: the newest against the one before. */
  from?: string;
  to?: string;
  /** Of the compare page: whether differences within the noise are listed too. */
  all: boolean;
  /** Of the history page: the workload. Undefined: the first. */
  workload?: string;
  /** Of the advice page: the pattern, what it needs, operations a second, percent of a CPU. */
  pattern?: string;
  need: ReadonlySet<string>;
  rate?: number;
  cpu?: number;
}

export const DEFAULTS: Choices = {
  hide: new Set(),
  show: new Set(),
  linear: new Set(),
  need: new Set(),
  violin: false,
  all: false,
};

const WORDS = ["placement", "baseline", "from", "to", "workload", "pattern"] as const;
const SETS = ["hide", "show", "linear", "need"] as const;
const AMOUNTS = ["rate", "cpu"] as const;

/** Reads choices out of an address's query; what makes no sense is left at its default. */
export function parseChoices(query: string): Choices {
  const given = new URLSearchParams(query);
  const choices: Choices = { ...DEFAULTS };
  for (const name of WORDS) choices[name] = given.get(name) || undefined;
  const participants = given.get("participants");
  if (participants === "process" || participants === "thread") choices.participants = participants;
  const size = Number(given.get("size") || NaN);
  if (Number.isSafeInteger(size) && size >= 0) choices.size = size;
  for (const name of AMOUNTS) choices[name] = amount(given.get(name));
  for (const name of SETS) choices[name] = new Set(given.getAll(name));
  choices.violin = given.get("trials") === "violin";
  choices.all = given.get("all") === "1";
  return choices;
}

/** A number above zero, or nothing. */
export function amount(text: string | null | undefined): number | undefined {
  const value = Number(text || NaN);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

/** The query of some choices: empty where all is at its default, else with its question mark. */
export function queryOf(choices: Choices): string {
  const query = new URLSearchParams();
  for (const name of WORDS) if (choices[name] !== undefined) query.set(name, choices[name]);
  if (choices.participants) query.set("participants", choices.participants);
  if (choices.size !== undefined) query.set("size", String(choices.size));
  for (const name of AMOUNTS) if (choices[name] !== undefined) query.set(name, `${choices[name]}`);
  for (const name of SETS) for (const value of [...choices[name]].sort()) query.append(name, value);
  if (choices.violin) query.set("trials", "violin");
  if (choices.all) query.set("all", "1");
  const text = query.toString();
  return text ? `?${text}` : "";
}

/** A set with one member put in or taken out. */
export function toggled(set: ReadonlySet<string>, member: string): ReadonlySet<string> {
  const copy = new Set(set);
  if (!copy.delete(member)) copy.add(member);
  return copy;
}
