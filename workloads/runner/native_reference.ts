/**
 * The native reference: compiled by the machine's own compiler, driven line by line.
 *
 * @module
 */
import SOURCE from "../../tests/native/reference.c" with { type: "text" };
import { mkdir } from "../../facilities/libc/sys_stat.ts";
import { NotComparableError, SuiteError } from "./errors.ts";

const FLAGS = ["-std=c11", "-O2", "-pthread"];
const decoder = new TextDecoder();

/** One cell as the reference is asked for it. */
export interface NativeCell {
  readonly facility: string;
  readonly workload: string;
  readonly length: number;
  readonly largest: number;
  /** The CPU of each participant; empty: not pinned. */
  readonly cpus: readonly number[];
  readonly wait?: string;
}

/** What one go of it took. */
export interface NativeResult {
  /** As the suite's: the median in nanoseconds, or bytes a second. */
  readonly estimate: number;
  readonly operations: number;
  readonly nanoseconds: number;
  readonly errors: number;
}

/** The compiled reference. */
export class NativeReference {
  readonly #folder: string;
  readonly #cells: ReadonlySet<string>;
  /** The compiler and its flags. */
  readonly compiler: string;

  private constructor(folder: string, compiler: string, cells: ReadonlySet<string>) {
    this.#folder = folder;
    this.compiler = compiler;
    this.#cells = cells;
  }

  /**
   * Compiles it into a folder of its own below the given one, and leaves it there.
   *
   * @throws {NotComparableError} there is no C compiler on this machine
   * @throws {SuiteError} the compiler refuses the source
   */
  static async compile(within: string): Promise<NativeReference> {
    const version = await output("cc", ["--version"]);
    if (version === null) {
      throw new NotComparableError(
        "Cannot compare with native code: this machine has no C compiler named cc; install one",
      );
    }
    const folder = `${within}/native`;
    const program = `${folder}/reference`;
    mkdir(folder);
    await Deno.writeTextFile(`${program}.c`, SOURCE);
    const compiled = await new Deno.Command("cc", {
      args: [...FLAGS, "-o", program, `${program}.c`, "-lrt"],
      stdout: "null",
      stderr: "piped",
    }).output();
    if (!compiled.success) {
      const [said = ""] = decoder.decode(compiled.stderr).split("\n", 1);
      throw new SuiteError(`Cannot compile the native reference: ${said}`);
    }
    const list = await output(program, ["--list"]) ?? "";
    const compiler = `${version.split("\n", 1)[0]}, ${FLAGS.join(" ")}`;
    return new NativeReference(folder, compiler, new Set(list.split("\n").map(trim)));
  }

  has(facility: string, workload: string, wait = ""): boolean {
    return this.#cells.has(trim(`${facility} ${workload} ${wait}`));
  }

  /** Starts the participants of a cell; they sleep until told to run. */
  start(cell: NativeCell): NativeParticipants {
    const [first = -1, second = first] = cell.cpus;
    const { facility, workload, length, largest, wait } = cell;
    const args = [facility, workload, length, largest, first, second, wait ?? ""];
    return new NativeParticipants(`${this.#folder}/reference`, args.map(String));
  }

  /** The command that runs a program on one CPU. */
  pinned(cpu: number, command: string[]): [string, string[]] {
    return [`${this.#folder}/reference`, ["--on", `${cpu}`, ...command]];
  }
}

/** Two native processes under way. */
export class NativeParticipants implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array<ArrayBuffer>>;
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;
  readonly #errors: Promise<string>;
  readonly #what: string;

  constructor(program: string, args: string[]) {
    this.#what = args.slice(0, 3).join(" ");
    this.#child = new Deno.Command(program, {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#writer = this.#child.stdin.getWriter();
    this.#reader = this.#child.stdout.getReader();
    this.#errors = new Response(this.#child.stderr).text();
  }

  /** @throws {SuiteError} when the reference fails, or gets wrong data */
  async run(count: number, lead: number, batch: number): Promise<NativeResult> {
    await this.#writer.write(new TextEncoder().encode(`${count} ${lead} ${batch}\n`));
    let line = "";
    while (!line.endsWith("\n")) {
      const { value, done } = await this.#reader.read();
      if (done) {
        throw new SuiteError(
          `The native reference of ${this.#what} ended: ${(await this.#errors).trim()}`,
        );
      }
      line += decoder.decode(value);
    }
    const result: NativeResult = JSON.parse(line);
    if (result.errors === 0) return result;
    throw new SuiteError(
      `The native reference of ${this.#what} got ${result.errors} messages wrong`,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#reader.cancel();
    await this.#errors;
    await this.#child.status;
  }
}

/** What a program prints; null where there is none, or it fails. */
export async function output(program: string, args: string[]): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(program, {
      args,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).output();
    return success ? decoder.decode(stdout) : null;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

function trim(text: string): string {
  return text.trim();
}
