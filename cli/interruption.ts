/**
 * Ctrl-C and SIGTERM: the first ends the work in order, keeping what was measured.
 *
 * @module
 */

/** Listens while it lives. */
export class Interruption implements Disposable {
  readonly #controller = new AbortController();
  #code: 130 | 143 | null = null;
  readonly #onInt = () => this.#abort(130);
  readonly #onTerm = () => this.#abort(143);

  constructor() {
    Deno.addSignalListener("SIGINT", this.#onInt);
    Deno.addSignalListener("SIGTERM", this.#onTerm);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The exit code that tells of the signal; null when there was none. */
  get exitCode(): 130 | 143 | null {
    return this.#code;
  }

  #abort(code: 130 | 143): void {
    this.#code ??= code;
    this.#controller.abort();
  }

  [Symbol.dispose](): void {
    Deno.removeSignalListener("SIGINT", this.#onInt);
    Deno.removeSignalListener("SIGTERM", this.#onTerm);
  }
}
