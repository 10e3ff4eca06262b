/**
 * Opens the C library. Nothing outside `facilities/libc/` calls `Deno.dlopen`.
 *
 * Parameters are declared in their true C width, because the fast call path does not sign-extend an
 * `i32` that is passed as a C `long`. Results may be narrowed where they are bounded.
 *
 * @module
 */

const NAMES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

/**
 * Resolves the given symbols in the C library of this machine.
 *
 * @throws {Error} if no C library can be opened or a symbol is missing
 */
export function open<const S extends Deno.ForeignLibraryInterface>(
  symbols: S,
): Deno.DynamicLibrary<S>["symbols"] {
  let failure: unknown;
  for (const name of NAMES) {
    try {
      return Deno.dlopen(name, symbols).symbols;
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      failure ??= error;
    }
  }
  throw failure;
}
