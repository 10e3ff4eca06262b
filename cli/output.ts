/**
 * Where a command's result goes: text for people to stdout, JSON into a file; with `--json -` the
 * JSON goes to stdout and the text to stderr. Files in other formats go beside.
 *
 * @module
 */
import { saidBy, SuiteError, UserError } from "../workloads/runner/errors.ts";
import { jsonText, printable } from "../workloads/runner/foreign_text.ts";
import { checkWritable, writeWhole } from "../workloads/runner/write_whole.ts";
import { complain, print, tell } from "./standard_streams.ts";

/** The outputs of a command. One that fails keeps none of the others from being written. */
export class Output {
  readonly #json: string | undefined;
  readonly #failures: string[] = [];

  private constructor(json: string | undefined) {
    this.#json = json;
  }

  /**
   * Finds an unwritable file before any work is done.
   *
   * @param others files beside the JSON; those that are not asked for are undefined
   * @throws {InputError}
   */
  static async open(
    json: string | undefined,
    ...others: readonly (string | undefined)[]
  ): Promise<Output> {
    for (const path of [json === "-" ? undefined : json, ...others]) {
      if (path !== undefined) await checkWritable(path);
    }
    return new Output(json);
  }

  /** A line, or several, for people. */
  text(lines: string): void {
    this.#print(printable(lines));
  }

  /** A line for the CI service that reads the log, made by one of its funnels. */
  workflowCommand(line: string): void {
    this.#print(line);
  }

  #print(text: string): void {
    if (this.#json === "-") return tell(`${text}\n`);
    try {
      print(`${text}\n`);
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Takes a step that writes something else, such as a file in another format. */
  async attempt(step: () => unknown): Promise<void> {
    try {
      await step();
    } catch (error) {
      this.#failed(error);
    }
  }

  /**
   * Writes the value as JSON, or a text that is JSON already, if it was asked for.
   *
   * @throws {SuiteError} what could not be written, of all outputs
   */
  async finish(value: unknown): Promise<void> {
    await this.#writeJson(value);
    if (this.#failures.length > 0) throw new SuiteError(this.#failures.join("; "));
  }

  /** The same for a command whose exit code is a verdict, which stands: failures are only told. */
  async finishVerdict(value: unknown): Promise<void> {
    await this.#writeJson(value);
    this.#failures.forEach(complain);
  }

  async #writeJson(value: unknown): Promise<void> {
    const path = this.#json;
    if (path === undefined) return;
    await this.attempt(() => {
      const json = typeof value === "string" ? value : jsonText(value, 2) + "\n";
      return path === "-" ? print(json) : writeWhole(path, json);
    });
  }

  /** The same failure of the same output is told once. */
  #failed(error: unknown): void {
    const message = error instanceof UserError ? error.message : saidBy(error);
    if (!this.#failures.includes(message)) this.#failures.push(message);
  }
}
