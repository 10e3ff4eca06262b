/**
 * Copies of this checkout in other places, as a clone would make them, and of the Deno that runs.
 *
 * @module
 */
import { ROOT } from "./paths.ts";

/** What no clone has. */
const NOT_OURS = [".git", "node_modules", "results", "coverage"];

/** Copies the checkout, with what is not committed yet, into a folder that is made. */
export async function copyOfCheckout(folder: string, from = ROOT): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  for await (const { name, isDirectory, isFile } of Deno.readDir(from)) {
    if (NOT_OURS.includes(name)) continue;
    if (isDirectory) await copyOfCheckout(`${folder}/${name}`, `${from}/${name}`);
    else if (isFile) await Deno.copyFile(`${from}/${name}`, `${folder}/${name}`);
  }
}

/** Puts this Deno into a folder that is made, and returns its path there. */
export async function denoIn(folder: string): Promise<string> {
  const path = `${folder}/deno`;
  await Deno.mkdir(folder, { recursive: true });
  // 130 MB, so a second name where the file system gives one.
  await Deno.link(Deno.execPath(), path).catch(() => Deno.copyFile(Deno.execPath(), path));
  return path;
}
