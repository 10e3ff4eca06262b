/**
 * Files of one folder that are replaced together.
 *
 * @module
 */
import { dirname } from "node:path";
import { reasonOf, SuiteError } from "./errors.ts";
import { flushFolder, partBeside } from "./write_whole.ts";

/**
 * Files that are all written, and flushed to the disk, before the first of them is put in place.
 *
 * They lie in a folder of a random name beside what they replace; disposal removes it, and `clean`
 * where no disposal came. Whatever goes wrong before {@linkcode publish} leaves everything as it was.
 */
export class Staging implements AsyncDisposable {
  readonly folder: string;
  readonly #part: string;
  readonly #lock: Deno.FsFile;
  readonly #paths: string[] = [];

  private constructor(folder: string, part: string, lock: Deno.FsFile) {
    this.folder = folder;
    this.#part = part;
    this.#lock = lock;
  }

  /** Begins with an empty set; makes the folder where there is none. @throws {SuiteError} */
  static async of(folder: string): Promise<Staging> {
    const part = partBeside(`${folder}/files`);
    return await explaining(folder, async () => {
      await Deno.mkdir(folder, { recursive: true });
      await Deno.mkdir(part, { mode: 0o700 });
      const lock = await Deno.open(part);
      await lock.lock(true).catch(() => {}); // tells `clean` that somebody writes here
      return new Staging(folder, part, lock);
    });
  }

  /**
   * Writes a file that is to be at `path` below the folder; returns its size.
   *
   * @param content in pieces, which are never in memory together
   * @throws {SuiteError} it cannot be written
   */
  async write(path: string, content: Iterable<string>): Promise<number> {
    return await explaining(`${this.folder}/${path}`, async () => {
      const staged = `${this.#part}/${path}`;
      await Deno.mkdir(dirname(staged), { recursive: true });
      using file = await Deno.open(staged, { write: true, createNew: true });
      let size = 0;
      for (const bytes of encoded(content)) {
        size += bytes.length;
        for (let written = 0; written < bytes.length;) {
          written += await file.write(bytes.subarray(written));
        }
      }
      await file.sync();
      this.#paths.push(path);
      return size;
    });
  }

  /**
   * Puts the files in place, those of new names first, the one that was given first last: so the files
   * that a file refers to are there before it. A symbolic link is replaced, not followed.
   *
   * @param paths all that were written, in the order of who refers to whom
   * @throws {SuiteError} one of them cannot be put there
   */
  async publish(paths: readonly string[]): Promise<void> {
    const missing = this.#paths.find((path) => !paths.includes(path));
    if (missing !== undefined) throw new RangeError(`Cannot publish without ${missing}`);
    await explaining(this.folder, async () => {
      const folders = new Set(paths.map((path) => dirname(`${this.folder}/${path}`)));
      for (const folder of folders) await Deno.mkdir(folder, { recursive: true });
      const places = paths.toReversed().map((path) => {
        const place = `${this.folder}/${path}`;
        const present = statOf(place);
        if (present?.isDirectory) throw new Error(`${place} is a folder`);
        const staged = `${this.#part}/${path}`;
        if (present?.isFile) Deno.chmodSync(staged, present.mode! & 0o777);
        return { staged, place, isNew: present === null };
      });
      // Without a pause, so that no signal comes between.
      for (const { staged, place } of places.filter(({ isNew }) => isNew)) {
        Deno.renameSync(staged, place);
      }
      for (const { staged, place } of places.filter(({ isNew }) => !isNew)) {
        Deno.renameSync(staged, place);
      }
      for (const folder of folders) await flushFolder(folder);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.#part, { recursive: true }).catch(() => {});
    this.#lock.close();
  }
}

const PIECE = 1 << 18;

/** Short pieces together, so that not each is a system call. */
function* encoded(content: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  let text = "";
  for (const piece of content) {
    text += piece;
    if (text.length < PIECE) continue;
    yield encoder.encode(text);
    text = "";
  }
  yield encoder.encode(text);
}

async function explaining<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof RangeError) throw cause;
    throw new SuiteError(`Cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function statOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
