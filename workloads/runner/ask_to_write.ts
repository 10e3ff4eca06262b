/**
 * The permission to write where the user wants it.
 *
 * @module
 */
import { resolve } from "node:path";

/**
 * Lets Deno ask, once and by the name that was given, whether a place may be written to that the
 * command has no permission for: asked later, it would be for names that mean nothing to anybody, and
 * when all is measured.
 *
 * @throws {Error} it may not, and nobody is there to be asked, or said no
 */
export async function askToWrite(path: string): Promise<void> {
  const permission = { name: "write", path } as const;
  if ((await Deno.permissions.query(permission)).state === "granted") return;
  if ((await Deno.permissions.request(permission)).state === "granted") return;
  const absolute = resolve(path);
  throw new Error(
    `this command may not write there; call it from ${absolute}, or give Deno --allow-write=${absolute}`,
  );
}
