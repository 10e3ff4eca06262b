/**
 * Where a command's result goes: text for people to stdout, JSON into a file; with `--json -` the
 * JSON goes to stdout and the text to stderr.
 *
 * @module
 */
import { checkWritable, writeWhole } from "../workloads/runner/write_whole.ts";

/** The two outputs of a command. */
export class Output {
  readonly #json: string | undefined;

  private constructor(json: string | undefined) {
    this.#json = json;
  }

  /**
   * Finds an unwritable file before any work is done.
   *
   * @throws {InputError}
   */
  static async open(json: string | undefined): Promise<Output> {
    if (json !== undefined && json !== "-") await checkWritable(json);
    return new Output(json);
  }

  /** A line, or several, for people. */
  text(line: string): void {
    if (this.#json === "-") console.error(line);
    else console.log(line);
  }

  /** Writes the value as JSON, or a text that is JSON already, if it was asked for. @throws {SuiteError} */
  async finish(value: unknown): Promise<void> {
    if (this.#json === undefined) return;
    const json = typeof value === "string" ? value : JSON.stringify(value, null, 2) + "\n";
    if (this.#json === "-") await writeAll(json);
    else await writeWhole(this.#json, json);
  }
}

async function writeAll(text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}
