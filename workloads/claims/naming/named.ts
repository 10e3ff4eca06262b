/** How an experiment gets a facility's object that others find by its name. @module */
import type { Facility } from "../../../facilities/facility.ts";
import type { Options } from "../context.ts";

/** The variant that has the declared identifier, where another one is the default. */
export function byName({ variants }: Facility): Options {
  return { variant: variants?.find(({ id }) => id === "pathname")?.id };
}
