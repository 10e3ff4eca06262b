/** The facilities that the command line names. @module */
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import type { Facility } from "../facilities/facility.ts";
import { asFacility } from "../facilities/given_facility.ts";
import { loadFacility, type PlacedLeaf } from "../facilities/taxonomy.ts";
import { InputError, saidBy } from "../workloads/runner/errors.ts";
import { known } from "./arguments.ts";

/**
 * Ids as they are, paths of modules as URLs; all that are offered when none is given.
 *
 * @param remote whether other addresses than those of files are taken: Deno downloads and runs what
 * they name
 * @throws {InputError} for an unknown id, naming the nearest, and for an address that is not allowed
 */
export function facilitySources(
  given: readonly string[] | undefined,
  offered: readonly PlacedLeaf[],
  remote = false,
): string[] {
  const ids = offered.map(({ id }) => id);
  if (!given) return ids;
  return given.map((word) => {
    // What begins like an address is one; in a path `#`, `?` and `%` are letters like others.
    if (/^[a-z][a-z\d+.-]+:/i.test(word)) return addressOf(word, remote);
    return /[./]/.test(word) ? pathToFileURL(word).href : known("facility", [word], ids)[0]!;
  });
}

function addressOf(word: string, remote: boolean): string {
  const refuse = (reason: string) => new InputError(`Cannot load facility ${word}: ${reason}`);
  if (!URL.canParse(word)) throw refuse("it is neither a path nor an address");
  const { protocol, href } = new URL(word);
  if (protocol === "file:" || remote) return href;
  throw refuse(
    "it is not a path; with --allow-remote-facility Deno downloads and runs what an address names",
  );
}

/** The option that lets {@linkcode facilitySources} take addresses. */
export function remoteFacilityOption(command: Command): Command {
  return command.option(
    "--allow-remote-facility",
    "let --facility name addresses (npm:, jsr:, https:), whose code is downloaded and run",
  );
}

/** How long a module may take to load, of what it imports too. */
const LOADING_MS = 5_000;

export interface LoadedFacility {
  /** The id or URL by which participants load it. */
  readonly source: string;
  readonly facility: Facility;
}

/**
 * Loads the facilities, and looks at those of somebody's modules before anything is measured.
 *
 * @throws {InputError} a module cannot be loaded, exports no facility, or two have the same id
 */
export async function loadFacilities(sources: readonly string[]): Promise<LoadedFacility[]> {
  const loaded = await Promise.all(
    sources.map(async (source) => ({ source, facility: await load(source) })),
  );
  for (const [index, { source, facility: { id } }] of loaded.entries()) {
    const twin = loaded.slice(0, index).find(({ facility }) => facility.id === id);
    if (!twin) continue;
    throw new InputError(
      `Cannot load facility ${source}: its id is ${id}, as is that of ${twin.source}`,
    );
  }
  return loaded;
}

async function load(source: string): Promise<Facility> {
  try {
    const facility = await inTime(loadFacility(source));
    return source.includes(":") ? asFacility(facility) : facility;
  } catch (error) {
    throw new InputError(`Cannot load facility ${source}: ${saidBy(error)}`);
  }
}

async function inTime<T>(loading: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`it was not loaded within ${LOADING_MS / 1000} s`)),
    LOADING_MS,
  );
  try {
    return await Promise.race([loading, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
