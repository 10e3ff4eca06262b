/**
 * Ctrl-C, SIGTERM, and the end of the terminal: the first ends the work in order, keeping what was
 * measured.
 *
 * @module
 */

/** The signals, each with the exit code that tells of it: 128 and its number. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

type Ending = keyof typeof EXIT_CODES;

/** Listens while it lives. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  readonly #listeners = (Object.keys(EXIT_CODES) as Ending[])
    .map((name) => [name, () => this.#abort(name)] as const);
  #signal: Ending | null = null;

  static readonly #living = new Set<Interruption>();

  /** Ends whatever goes on as SIGTERM would; false where nothing does. */
  static abortAll(): boolean {
    for (const each of Interruption.#living) each.#abort("SIGTERM");
    return Interruption.#living.size > 0;
  }

  constructor() {
    Interruption.#living.add(this);
    for (const [name, listener] of this.#listeners) Deno.addSignalListener(name, listener);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that tells of the signal; null when there was none. */
  get exitCode(): number | null {
    return this.#signal && EXIT_CODES[this.#signal];
  }

  #abort(name: Ending): void {
    this.#signal ??= name;
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    Interruption.#living.delete(this);
    for (const [name, listener] of this.#listeners) Deno.removeSignalListener(name, listener);
  }
}
