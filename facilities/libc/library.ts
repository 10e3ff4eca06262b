/**
 * Opens the C library. Nothing outside `facilities/libc/` calls `Deno.dlopen`.
 *
 * Parameters are declared in their true C width, because the fast call path does not sign-extend an
 * `i32` that is passed as a C `long`. Results may be narrowed where they are bounded.
 *
 * For every function that is opened the runtime compiles a call path: 6 ns a call, and 0.2 ms once,
 * which a participant of a trial would pay for each function of each header that it imports. So what
 * some timed loops call, and most do not, is opened by `openLate`, and what none calls by `openRare`.
 *
 * @module
 */

const NAMES = ["libc.so.6", "libc.musl-x86_64.so.1", "libc.musl-aarch64.so.1"];

/** Functions by key; one whose key is not its C name says the name. */
type Functions = Readonly<Record<string, Deno.ForeignFunction>>;

/**
 * Resolves the given symbols in the C library of this machine.
 *
 * @throws {Error} if no C library can be opened or a symbol is missing
 */
export function open<const S extends Functions>(functions: S): Deno.DynamicLibrary<S>["symbols"] {
  return compiles === "nothing" ? openRare(functions) : resolve(functions);
}

let compiles: "all" | "what is looked up" | "nothing" = "all";

/** From now on `open` and `openLate` do as `openRare`: for programs that call little and end soon. */
export function compileNothing(): void {
  compiles = "nothing";
}

/** From now on `openLate` waits until a function is looked up: for programs that have to begin soon. */
export function compileLate(): void {
  compiles = "what is looked up";
}

function resolve<const S extends Deno.ForeignLibraryInterface>(
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

/**
 * The same; in a participant each function when it is first looked up.
 *
 * A loop that was compiled meanwhile is compiled anew when another function of the same object is looked
 * up, so one that loops call again and again is opened apart from what they do not.
 *
 * @throws {Error} if no C library can be opened; on looking up, if the symbol is missing
 */
export function openLate<const S extends Functions>(
  functions: S,
): Deno.DynamicLibrary<S>["symbols"] {
  if (compiles !== "what is looked up") return open(functions);
  const lookUps = Object.entries(functions).map(([key, definition]) => [key, {
    get(this: object) {
      const value = resolve({ [key]: definition })[key];
      // Of its own, in front of the one that looks up: as quick as those of `open`.
      Object.defineProperty(this, key, { value });
      return value;
    },
  }]);
  return Object.create(Object.create(null, Object.fromEntries(lookUps)));
}

/**
 * The same for functions that are called now and then: opening one takes a tenth of the time, and
 * each call several microseconds.
 *
 * @throws {Error} if no C library can be opened or a symbol is missing
 */
export function openRare<const S extends Functions>(
  functions: S,
): Deno.DynamicLibrary<S>["symbols"] {
  const symbols = Object.entries(functions).map(([key, { name = key }]) =>
    [key, { name, type: "pointer" }] as const
  );
  // The value of a "variable" of type pointer is where the symbol is.
  const places = resolve(Object.fromEntries(symbols));
  return Object.fromEntries(
    Object.entries(functions).map(([key, definition]) => {
      const place = places[key] as Deno.PointerObject<Deno.ForeignFunction>;
      let caller: { call(...values: unknown[]): unknown } | undefined;
      return [key, (...values: unknown[]) => {
        caller ??= new Deno.UnsafeFnPointer(place, definition);
        return caller.call(...values);
      }];
    }),
  ) as Deno.DynamicLibrary<S>["symbols"];
}
