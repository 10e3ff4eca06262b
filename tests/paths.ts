/** Paths of the checkout. @module */

export function fromFileUrl(url: string): string {
  return decodeURIComponent(new URL(url).pathname);
}

/** The checkout's root folder, without a slash at its end. */
export const ROOT = fromFileUrl(import.meta.resolve("../")).replace(/\/$/, "");
