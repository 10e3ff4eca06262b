import { assertEquals, assertThrows } from "@std/assert";
import type { CreateOptions } from "../../facilities/facility.ts";
import { Journal } from "../../facilities/journal.ts";
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { O_CREAT, O_EXCL, O_RDWR } from "../../facilities/libc/fcntl.ts";
import { mqClose, mqOpen, mqUnlink } from "../../facilities/libc/mqueue.ts";
import { semClose, semOpen, semUnlink } from "../../facilities/libc/semaphore.ts";
import { shmOpen, shmUnlink } from "../../facilities/libc/sys_mman.ts";
import { IPC_CREAT, IPC_EXCL, semget, semRemove } from "../../facilities/libc/sys_sem.ts";
import { msgget, removeMessageQueue } from "../../facilities/libc/sys_msg.ts";
import { removeSegment, shmget } from "../../facilities/libc/sys_shm.ts";
import { close } from "../../facilities/libc/unistd.ts";
import { RunFolder } from "../../facilities/run_folder.ts";
import { LEAVES } from "../../facilities/taxonomy.ts";

const NEW = IPC_CREAT | IPC_EXCL | 0o600;

/** How somebody takes a name before its owner does; returns how to give it back. */
const TAKE: Readonly<Record<string, (name: string, victim: string) => () => void>> = {
  path(name, victim) {
    Deno.symlinkSync(victim, name);
    return () => Deno.removeSync(name);
  },
  shm(name, victim) {
    Deno.symlinkSync(victim, `/dev/shm${name}`);
    return () => Deno.removeSync(`/dev/shm${name}`);
  },
  "shm object"(name) {
    close(shmOpen(name, O_RDWR | O_CREAT | O_EXCL));
    return () => shmUnlink(name);
  },
  sem(name) {
    semClose(semOpen(name, O_CREAT | O_EXCL));
    return () => semUnlink(name);
  },
  mq(name) {
    mqClose(mqOpen(name, O_RDWR | O_CREAT | O_EXCL, { maxMessages: 1, messageBytes: 1 }));
    return () => mqUnlink(name);
  },
  msg(key) {
    const id = msgget(Number(key), NEW);
    return () => removeMessageQueue(id);
  },
  "sysv-sem"(key) {
    const id = semget(Number(key), 1, NEW);
    return () => semRemove(id);
  },
  "sysv-shm"(key) {
    const id = shmget(Number(key), 4096, NEW);
    return () => removeSegment(id);
  },
};

/** A journal whose names are taken the moment before they are given out. */
class Guessed extends Journal {
  readonly #victim: string;
  readonly #undo = new DisposableStack();
  readonly #asObject: boolean;
  taken = 0;

  constructor(folder: string, victim: string, asObject: boolean) {
    super(folder);
    this.#victim = victim;
    this.#asObject = asObject;
  }

  #take<T extends string | number>(kind: string, name: T): T {
    const how = TAKE[this.#asObject && kind === "shm" ? "shm object" : kind]!;
    this.#undo.defer(how(String(name), this.#victim));
    this.taken++;
    return name;
  }

  override path(suffix: string): string {
    return this.#take("path", super.path(suffix));
  }

  override posixName(kind: Parameters<Journal["posixName"]>[0]): string {
    return this.#take(kind, super.posixName(kind));
  }

  override key(...[kind, isTaken]: Parameters<Journal["key"]>): number {
    return this.#take(kind, super.key(kind, isTaken));
  }

  override [Symbol.dispose](): void {
    this.#undo.dispose();
    super[Symbol.dispose]();
  }
}

async function withVictim(body: (folder: string, victim: string) => Promise<void> | void) {
  const folder = await Deno.makeTempDir({ prefix: "ipc-" });
  try {
    const victim = `${folder}/victim`;
    await Deno.writeTextFile(victim, "untouched");
    await body(folder, victim);
    assertEquals(await Deno.readTextFile(victim), "untouched");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Loaded before the tests, since the libraries that they open stay open. */
const facilities = await Promise.all(LEAVES.map(async ({ load }) => (await load()).facility));

Deno.test("a facility whose name is taken fails, and follows no link that was planted", async () => {
  await withVictim(async (folder, victim) => {
    const guarded = new Set<string>();
    let number = 0;
    for (const facility of facilities) {
      for (const capability of ["channel", "notifier", "lock", "region"] as const) {
        const variants = facility[capability] && (facility.variants?.map(({ id }) => id) ?? [""]);
        for (const variant of variants ?? []) {
          for (const asObject of [false, true]) {
            using scope = new Guessed(`${folder}/${number++}`, victim, asObject);
            const options = { variant, maxBytes: 4, participants: "process", count: 2, scope };
            let created: Disposable | undefined;
            try {
              created = await facility[capability]!.create(options as CreateOptions);
            } catch (error) {
              if (!(error instanceof SystemCallError)) throw error;
              const right = ["EEXIST", "EADDRINUSE"].includes(error.code);
              assertEquals(right, true, `${facility.id} ${variant}: ${error.message}`);
              guarded.add(facility.id);
            }
            created?.[Symbol.dispose]?.();
            const passed = created !== undefined && scope.taken > 0;
            assertEquals(passed, false, `${facility.id} ${variant} took what was planted`);
          }
        }
      }
    }
    assertEquals([...guarded].sort(), [
      ...["fcntl-lock", "fifo", "file-mapping", "flock", "ofd-lock", "posix-message-queue"],
      ...["posix-named-semaphore", "posix-shared-memory", "sysv-message-queue", "sysv-semaphore"],
      ...["sysv-shared-memory", "unix-datagram", "unix-seqpacket", "unix-stream"],
    ]);
  });
});

Deno.test("a run whose folder's name is taken does not begin", async () => {
  await withVictim((folder, victim) => {
    using first = new RunFolder(folder, "20260102T030405Z-00000000");
    const name = first.path.slice(folder.length + 1).replace(/0{8}$/, "1".repeat(8));
    for (const target of [victim, folder, `${folder}/nowhere`]) {
      Deno.symlinkSync(target, `${folder}/${name}`);
      const error = assertThrows(
        () => new RunFolder(folder, "20260102T030405Z-11111111"),
        SystemCallError,
      );
      assertEquals(error.code, "EEXIST");
      Deno.removeSync(`${folder}/${name}`);
    }
  });
});

Deno.test("names cannot be guessed: of ten thousand no two share a half", async () => {
  await withVictim((folder) => {
    using scope = new Journal(`${folder}/scope`);
    const names = Array.from({ length: 10_000 }, () => scope.path("x").slice(-24));
    assertEquals(names.every((name) => /^[0-9a-f]{24}$/.test(name)), true);
    // 96 random bits: of any 48 of them, two in ten thousand are the same once in five million times.
    for (const half of [0, 12]) {
      assertEquals(new Set(names.map((name) => name.slice(half, half + 12))).size, names.length);
    }
  });
});
