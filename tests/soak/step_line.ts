/** The step under way and the time left, one line on stderr; nothing when that is no terminal. @module */

export class StepLine implements Disposable {
  readonly #shown = Deno.stderr.isTerminal();

  constructor(readonly seconds: number) {}

  show(step: number, secondsLeft: number, facility: string): void {
    if (!this.#shown) return;
    const { columns } = Deno.consoleSize();
    const percent = Math.floor(100 * (1 - secondsLeft / this.seconds));
    const left = secondsLeft < 90
      ? `${Math.ceil(secondsLeft)} s`
      : `${Math.round(secondsLeft / 60)} min`;
    const text = `${percent} %, step ${step + 1}, ${left} left, ${facility}`;
    this.#write(`\r${text.slice(0, columns - 1)}\x1b[K`);
  }

  #write(text: string): void {
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  }

  [Symbol.dispose](): void {
    if (this.#shown) this.#write("\r\x1b[K");
  }
}
