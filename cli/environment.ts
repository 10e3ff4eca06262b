/**
 * What the environment says.
 *
 * @module
 */

/** A variable; undefined where it is not set, or the task may not read it. */
export function environment(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}
