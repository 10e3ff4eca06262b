/** Whatever happens to a history while a run is measured: the run is stored, or kept and sent later. */
import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { FileBackend } from "../../../reports/history/backend.ts";
import { Keeper } from "../../../reports/history/keeper.ts";
import { openBackend, openStore } from "../../../reports/history/open_store.ts";
import { openSqlite } from "../../../reports/history/sqlite.ts";
import { Spool } from "../../../reports/history/spool.ts";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { InputError, SuiteError } from "../../../workloads/runner/errors.ts";
import { serialiseRun } from "../../../workloads/runner/run_file.ts";
import { WITHOUT_NAMESPACES } from "../../namespaces.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";

// What a spool loads when it first keeps a run stays open longer than a test.
await import("../../../workloads/runner/write_whole.ts");

const NEW = sampleRun({ id: "run-new", seed: 7 });

interface Place {
  folder: string;
  /** The history, in a folder of its own. */
  path: string;
  backend: () => FileBackend;
  notices: string[];
  notice: (line: string) => void;
}

function inFolder(name: string, test: (place: Place) => Promise<void>, ignore = false): void {
  Deno.test({
    name: `keeper: ${name}`,
    ignore,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
      const path = `${folder}/results/history.sqlite`;
      const notices: string[] = [];
      try {
        await test({
          folder,
          path,
          backend: () => new FileBackend(path, path, [`${folder}/spool`]),
          notices,
          notice: (line) => notices.push(line),
        });
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function fill(path: string, ...ids: string[]): Promise<void> {
  await using store = await openStore(path);
  for (const id of ids) await store.add(sampleRun({ id }));
}

async function idsIn(path: string): Promise<string[]> {
  await using store = await openStore(path, { create: false });
  return (await store.list()).map(({ id }) => id).sort();
}

function namesIn(folder: string): string[] {
  return Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
}

function assertSound(path: string): void {
  const database = new DatabaseSync(path);
  try {
    assertEquals({ ...database.prepare("PRAGMA integrity_check").get() }, {
      integrity_check: "ok",
    });
  } finally {
    database.close();
  }
}

inFolder(
  "a history that is left alone gets the run",
  async (place) => {
    const { folder, path, backend, notice, notices } = place;
    await fill(path, "run-1");
    const keeper = await Keeper.of(backend(), { notice });
    // Nothing is open while a run is measured, so nothing lies beside the file.
    assertEquals(namesIn(`${folder}/results`), ["history.sqlite"]);
    await keeper.add(NEW);
    assertEquals([await idsIn(path), notices], [["run-1", "run-new"], []]);
  },
);

interface Blow {
  name: string;
  /** What happens while the run is measured. */
  strike: (place: Place) => Promise<unknown>;
  /** What the line says of it; null where the run is stored all the same. */
  says: RegExp | null;
  /** What the user does then. */
  mend?: (place: Place) => Promise<unknown>;
  /** What is stored at the end beside the run. */
  stays: string[];
}

const older = ({ folder }: Place) => `${folder}/older.sqlite`;

const blows: Blow[] = [
  {
    name: "the folder is removed",
    strike: ({ folder }) => Deno.remove(`${folder}/results`, { recursive: true }),
    says: /history was removed or emptied during the run/,
    stays: [],
  },
  {
    name: "the file is removed",
    strike: ({ path }) => Deno.remove(path),
    says: /history was removed or emptied during the run/,
    stays: [],
  },
  {
    name: "the file is emptied",
    strike: ({ path }) => Deno.truncate(path),
    says: /history was removed or emptied during the run/,
    stays: [],
  },
  {
    name: "another history takes its place",
    strike: (place) => Deno.rename(older(place), place.path),
    says: /history was replaced by another file during the run/,
    stays: ["run-1"],
  },
  {
    name: "an older copy is written over it",
    strike: async (place) => {
      const copy = await Deno.readFile(older(place));
      await Deno.writeFile(place.path, copy);
    },
    says: null,
    stays: ["run-1"],
  },
  {
    name: "it is garbled",
    strike: ({ path }) => Deno.writeTextFile(path, "no history ".repeat(2_000)),
    says: /the file is damaged or no SQLite database/,
    mend: ({ path }) => Deno.remove(path),
    stays: [],
  },
  {
    name: "its end is cut off",
    strike: ({ path }) => Deno.truncate(path, 9_000),
    says: /the file is damaged/,
    mend: ({ path }) => Deno.remove(path),
    stays: [],
  },
  {
    name: "a folder takes its place",
    strike: async ({ path }) => {
      await Deno.remove(path);
      await Deno.mkdir(path);
    },
    says: /history was removed or emptied during the run/,
    mend: ({ path }) => Deno.remove(path),
    stays: [],
  },
];

for (const { name, strike, says, mend, stays } of blows) {
  inFolder(`${name} during a run, and the run is not lost`, async (place) => {
    const { path, backend, notice, notices } = place;
    await fill(path, "run-1");
    await Deno.copyFile(path, older(place));
    await fill(path, ...Array.from({ length: 12 }, (_, i) => `run-later-${i}`));
    const keeper = await Keeper.of(backend(), { notice });
    await strike(place);
    if (says === null) {
      await keeper.add(NEW);
    } else {
      const { message, exitCode } = await assertRejects(() => keeper.add(NEW), SuiteError);
      assertMatch(message, says);
      assertEquals(exitCode, 4);
      const [, kept] = /the run is kept in (\S+), the next command/.exec(message) ?? [];
      assertEquals(JSON.parse(await Deno.readTextFile(kept!)), NEW);
      await mend?.(place);
      await using store = await openBackend(backend(), { create: false, notice });
      assertEquals(notices, [`1 run that was kept on this machine went to ${store.url}`]);
      assertEquals(await store.get("run-new"), NEW);
      assertEquals(namesIn(`${place.folder}/spool`), []);
    }
    assertEquals(await idsIn(path), [...stays, "run-new"].sort());
    assertSound(path);
  });
}

for (const replaced of [false, true]) {
  const what = replaced ? "was replaced" : "was removed";
  inFolder(`who writes into a file that ${what} is told so`, async ({ path }) => {
    await fill(path, "run-1", "run-2");
    await using store = await openSqlite(path);
    await Deno.rename(path, `${path}.moved`);
    if (replaced) await Deno.copyFile(`${path}.moved`, path);
    const writes = [
      () => store.add(NEW),
      () => store.prune({ keep: 0 }),
      () => store.remove("run-2"),
      () => store.setBaseline("main", ["run-2"]),
      () => store.clearBaseline("main"),
    ];
    for (const write of writes) {
      await assertRejects(async () => await write(), SuiteError, `it ${what} while it was open`);
    }
    // What is read was true when it was opened.
    assertEquals((await store.list()).length, 2);
  });
}

/** Keeps a history locked by a transaction that writes, as another command would. */
class Locked implements Disposable {
  readonly #other: DatabaseSync;
  constructor(path: string) {
    this.#other = new DatabaseSync(path);
    this.#other.exec("BEGIN IMMEDIATE");
  }
  [Symbol.dispose](): void {
    if (!this.#other.isOpen) return;
    this.#other.exec("COMMIT");
    this.#other.close();
  }
}

inFolder("readers do not wait for a writer, nor does looking at the store", async (place) => {
  const { path, backend, notice, notices } = place;
  await fill(path, "run-1");
  using _ = new Locked(path);
  assertEquals(await idsIn(path), ["run-1"]);
  await Keeper.of(backend(), { notice });
  assertEquals(notices, []);
});

inFolder("a locked history is waited for, and signals arrive meanwhile", async (place) => {
  const { path, backend, notice } = place;
  await fill(path, "run-1");
  const keeper = await Keeper.of(backend(), { notice });
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  {
    using locked = new Locked(path);
    setTimeout(() => locked[Symbol.dispose](), 300);
    await keeper.add(NEW);
  }
  clearInterval(timer);
  assert(turns > 3, `${turns} turns of the event loop`);
  assertEquals(await idsIn(path), ["run-1", "run-new"]);
});

inFolder("a command that is to end keeps its run instead of waiting", async (place) => {
  const { path, backend, notice, notices } = place;
  await fill(path, "run-1");
  const keeper = await Keeper.of(backend(), { notice });
  const interruption = new AbortController();
  {
    using _ = new Locked(path);
    setTimeout(() => interruption.abort(), 50);
    const error = await assertRejects(() => keeper.add(NEW, interruption.signal), SuiteError);
    assertStringIncludes(error.message, "database is locked; the run is kept in ");
    // What is kept is no reason to wait either.
    await using store = await openBackend(backend(), { create: false, notice });
    assertEquals((await store.list()).map(({ id }) => id), ["run-1"]);
    assertMatch(notices.at(-1)!, /^The runs kept in .* stay there: .*locked/);
  }
  {
    await using store = await openBackend(backend(), { create: false, notice });
    assertEquals((await store.list()).map(({ id }) => id).sort(), ["run-1", "run-new"]);
  }
  // Who was interrupted before and finds nobody in the way stores the run as ever.
  await keeper.add(sampleRun({ id: "run-last" }), interruption.signal);
  assertEquals(await idsIn(path), ["run-1", "run-last", "run-new"]);
});

inFolder("a history that stays locked is said to be, by who has no spool", async ({ path }) => {
  await fill(path, "run-1");
  using _ = new Locked(path);
  await using store = await openSqlite(path, { patienceMs: 50 });
  await assertRejects(() => store.add(NEW), SuiteError, "database is locked");
});

inFolder("a full disk: the run goes to another one", async (place) => {
  const { folder, backend, notice, notices } = place;
  await Deno.mkdir(`${folder}/results`);
  await system("mount", "-t", "tmpfs", "-o", "size=256k", "none", `${folder}/results`);
  try {
    const keeper = await Keeper.of(backend(), { notice });
    await Deno.writeFile(`${folder}/results/filler`, new Uint8Array(256 * 1024)).catch(() => {});
    const error = await assertRejects(() => keeper.add(NEW), SuiteError);
    assertMatch(error.message, /full|No space|I\/O error/);
    assertStringIncludes(error.message, `; the run is kept in ${folder}/spool/`);
    await Deno.remove(`${folder}/results/filler`);
    await using store = await openBackend(backend(), { notice });
    assertEquals(await store.get("run-new"), NEW);
    assertEquals(notices, [`1 run that was kept on this machine went to ${store.url}`]);
  } finally {
    await system("umount", `${folder}/results`);
  }
}, WITHOUT_NAMESPACES !== null);

async function system(...[program, ...args]: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program!, { args, stderr: "piped" }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

inFolder("what cannot be kept where it is looked for is kept elsewhere", async ({ folder }) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  const spool = new Spool("store", { roots: [`${folder}/file`] });
  const { path, isFound } = await spool.keep(NEW);
  try {
    assertEquals(isFound, false);
    assertEquals((await Deno.stat(dirname(path))).mode! & 0o077, 0);
    assertEquals(JSON.parse(await Deno.readTextFile(path)), NEW);
  } finally {
    await Deno.remove(dirname(path), { recursive: true });
  }
});

inFolder("a kept run that is poisoned is put aside, and the rest is sent", async (place) => {
  const { folder, path, backend, notice, notices } = place;
  await fill(path, "run-1");
  const spool = new Spool(`sqlite:${path}`, { roots: [`${folder}/spool`] });
  const half = sampleRun({ id: "run-half" });
  half.cells = half.cells.map((cell, i) => i === 0 ? { ...cell, id: `${cell.id}\ud800` } : cell);
  const kept: RunDocument[] = [
    sampleRun({ id: "run-a" }),
    half,
    sampleRun({ id: "run-z" }),
  ];
  let last = "";
  for (const run of kept) last = (await spool.keep(run)).path;
  const other = (name: string) => last.replace(/[^/]*$/, name);
  await Deno.writeTextFile(other("0-cut.json"), serialiseRun(NEW).slice(0, 200));
  await Deno.writeTextFile(other("run-m.json"), '{ "schema": "something else" }');
  await Deno.writeTextFile(other("run-n.json"), serialiseRun(sampleRun({ id: "run-1", seed: 2 })));
  await using store = await openBackend(backend(), { create: false, notice });
  const sent = new Set((await store.list()).map(({ id }) => id));
  for (const { id } of kept) assert(sent.has(id), id);
  assertEquals(notices.length, 4, notices.join("\n"));
  assertMatch(notices[0]!, /^3 runs that were kept on this machine went to/);
  const aside = ["0-cut.json", "run-m.json", "run-n.json"];
  for (const [i, name] of aside.entries()) {
    assertStringIncludes(notices[i + 1]!, `into ${other(`refused/${name}`)}: `);
  }
  assertEquals(namesIn(other("refused")), aside);
  // They are said once.
  notices.length = 0;
  await using _ = await openBackend(backend(), { notice });
  assertEquals(notices, []);
});

inFolder("a run that no store takes is put aside as it is", async (place) => {
  const { path, backend, notice } = place;
  await fill(path, "run-1");
  const keeper = await Keeper.of(backend(), { notice });
  const run = { ...NEW, startedAt: "never" };
  const error = await assertRejects(() => keeper.add(run), SuiteError);
  const [, aside] = /the run is put aside in (\S+)$/.exec(error.message) ?? [];
  assertEquals(JSON.parse(await Deno.readTextFile(aside!)), run);
  // Nobody sends it.
  assertEquals(
    await new Spool(`sqlite:${path}`, { roots: [`${place.folder}/spool`] }).isEmpty(),
    true,
  );
});

inFolder("what is wrong before anything is measured is said before", async (place) => {
  const { folder, path, backend, notice } = place;
  await Deno.mkdir(`${folder}/results`);
  await Deno.writeTextFile(path, "no history ".repeat(2_000));
  await assertRejects(() => Keeper.of(backend(), { notice }), InputError, "damaged");
});
