/**
 * Native memory that has an owner: mapped when made, unmapped when disposed.
 *
 * @module
 */
import {
  MAP_ANONYMOUS,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  mapAgain,
  mmap,
  munmap,
} from "./sys_mman.ts";

/** Memory that C functions take by pointer and JavaScript by typed array. */
export interface Payload {
  readonly pointer: Deno.PointerObject;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/**
 * A mapping of whole pages. Disposing it unmaps the pages and detaches every view. Its pointer and
 * views throw when they are used afterwards, as does what takes a pointer; a view that was taken out
 * before reads nothing, and `Atomics` on it throw. None of that costs a hot loop anything.
 */
export class Memory implements Payload, Disposable {
  readonly pointer: Deno.PointerObject;
  readonly buffer: ArrayBuffer;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same memory as 32-bit words, for `Atomics` and futexes. */
  readonly words: Int32Array<ArrayBuffer>;
  readonly length: number;

  private constructor(pointer: Deno.PointerObject, length: number) {
    this.pointer = pointer;
    this.length = length;
    this.buffer = Deno.UnsafePointerView.getArrayBuffer(pointer, length);
    this.bytes = new Uint8Array(this.buffer);
    this.words = new Int32Array(this.buffer, 0, length >> 2);
  }

  /**
   * Private, zeroed, page-aligned, already faulted in.
   *
   * @throws {SystemCallError} ENOMEM
   */
  static allocate(length: number): Memory {
    const whole = wholePages(length);
    if (Memory.#kept === null) return new Memory(mapPrivate(whole), whole);
    const kept = Memory.#kept.getOrInsertComputed(whole, () => []);
    return Memory.adopt(kept.pop() ?? mapPrivate(whole), whole, (pointer) => kept.push(pointer));
  }

  /**
   * As `allocate`, but shared with whoever maps it too: by `again`, or by a child of `fork`.
   *
   * @throws {SystemCallError} ENOMEM
   */
  static share(length: number): Memory {
    const whole = wholePages(length);
    return new Memory(mmap(whole, -1, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE), whole);
  }

  /**
   * Maps once more what a thread of this process has mapped shared at `address`.
   *
   * @throws {SystemCallError} EFAULT, EINVAL, ENOMEM
   */
  static again(address: number, length: number): Memory {
    return new Memory(mapAgain(address, length), length);
  }

  /**
   * The memory of a `SharedArrayBuffer` from `offset` on. Disposing it lets go of the buffer.
   */
  static over(buffer: SharedArrayBuffer, offset: number, length: number): Memory {
    // Its memory does not move; FFI takes its views, only the type does not say so.
    const bytes = new Uint8Array(buffer, offset, length) as unknown as Uint8Array<ArrayBuffer>;
    const memory = new Memory(Deno.UnsafePointer.of(bytes)!, length);
    memory.#release = () => void bytes;
    return memory;
  }

  /**
   * From now on `allocate` takes the pages of disposed buffers again, with what is in them: for
   * measuring what comes and goes with its buffers, but not the buffers.
   */
  static keepPages(): void {
    Memory.#kept ??= new Map();
  }

  /** Pages of disposed buffers by length. */
  static #kept: Map<number, Deno.PointerObject[]> | null = null;

  /**
   * Maps `length` bytes of an open descriptor, shared with whoever maps it too.
   *
   * @throws {SystemCallError} EACCES, EINVAL, ENODEV, ENOMEM
   */
  static map(fd: number, length: number): Memory {
    return new Memory(mmap(length, fd), length);
  }

  /** Takes over memory that something else mapped or attached; `release` gives it back. */
  static adopt(
    pointer: Deno.PointerObject,
    length: number,
    release: (pointer: Deno.PointerObject) => void,
  ): Memory {
    const memory = new Memory(pointer, length);
    memory.#release = release;
    return memory;
  }

  #release = (pointer: Deno.PointerObject) => munmap(pointer, this.length);

  /**
   * Touches every page for writing, so that no fault is left for the timed loop. What others write
   * meanwhile stays.
   */
  faultIn(): this {
    for (let word = 0; word < this.words.length; word += PAGE / 4) Atomics.or(this.words, word, 0);
    return this;
  }

  /** The pointer to the byte at `offset`. */
  at(offset: number): Deno.PointerObject {
    if (this.disposed) refuse();
    return Deno.UnsafePointer.offset(this.pointer, offset)!;
  }

  /**
   * A part of this memory as a payload of its own, for who keeps it: as long as the memory is there
   * its pointer is, and then that throws as well.
   */
  slice(offset: number, length: number): Payload {
    const part = { pointer: this.at(offset), bytes: new Uint8Array(this.buffer, offset, length) };
    this.#parts.push(part);
    return part;
  }

  readonly #parts: Payload[] = [];

  get disposed(): boolean {
    return this.buffer.detached;
  }

  [Symbol.dispose](): void {
    if (this.disposed) return;
    const { pointer } = this;
    revoke(this, "pointer", "bytes", "words");
    for (const part of this.#parts) revoke(part, "pointer");
    this.buffer.transfer();
    this.#release(pointer);
  }
}

/** What C lends by its pointer alone; once it is given back, its use throws. */
export class Borrowed implements Disposable {
  readonly pointer: Deno.PointerObject;
  readonly #giveBack: (pointer: Deno.PointerObject) => void;
  #here = true;

  constructor(pointer: Deno.PointerObject, giveBack: (pointer: Deno.PointerObject) => void) {
    this.pointer = pointer;
    this.#giveBack = giveBack;
  }

  [Symbol.dispose](): void {
    if (!this.#here) return;
    this.#here = false;
    const { pointer } = this;
    revoke(this, "pointer");
    this.#giveBack(pointer);
  }
}

function refuse(): never {
  throw new TypeError("Cannot use native memory: it was disposed; keep its owner alive");
}

/** From now on the fields and methods of this name throw; until now they cost what they cost. */
export function revoke(owner: object, ...names: string[]): void {
  for (const name of names) Object.defineProperty(owner, name, { get: refuse });
}

function mapPrivate(length: number): Deno.PointerObject {
  return mmap(length, -1, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE);
}

const PAGE = 4096;

/** `length` rounded up to whole pages, at least one. */
export function wholePages(length: number): number {
  return Math.max(PAGE, Math.ceil(length / PAGE) * PAGE);
}

/**
 * A small structure on the JavaScript side whose pointer is made once. The object keeps the bytes
 * alive: hold on to it as long as C may use the pointer.
 */
export class Struct implements Payload {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly view: DataView<ArrayBuffer>;
  readonly pointer: Deno.PointerObject;

  constructor(size: number | Uint8Array<ArrayBuffer>) {
    this.bytes = typeof size === "number" ? new Uint8Array(size) : size;
    this.view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
    this.pointer = Deno.UnsafePointer.of(this.bytes)!;
  }

  i32(offset: number): number {
    return this.view.getInt32(offset, true);
  }

  u32(offset: number): number {
    return this.view.getUint32(offset, true);
  }

  /** A 64-bit integer that is known to fit a double exactly. */
  i64(offset: number): number {
    return Number(this.view.getBigInt64(offset, true));
  }

  setI32(offset: number, value: number): this {
    this.view.setInt32(offset, value, true);
    return this;
  }

  setI64(offset: number, value: number): this {
    this.view.setBigInt64(offset, BigInt(value), true);
    return this;
  }
}
