// @gate alone

import { assert, assertEquals, assertMatch } from "@std/assert";
import { O_CREAT, O_EXCL, O_RDWR } from "../../facilities/libc/fcntl.ts";
import { readText, tryListFolder } from "../../facilities/libc/files.ts";
import { mkdir, mkfifo } from "../../facilities/libc/sys_stat.ts";
import { shmOpen, shmUnlink } from "../../facilities/libc/sys_mman.ts";
import { IPC_CREAT, IPC_EXCL, semget, semRemove } from "../../facilities/libc/sys_sem.ts";
import { close, geteuid } from "../../facilities/libc/unistd.ts";
import { newRunId, RunFolder } from "../../facilities/run_folder.ts";
import { Scope } from "../../facilities/scope.ts";
import { asNobody, CAN_BECOME_NOBODY } from "../facilities/rows.ts";
import { leavingNothing } from "../leftovers.ts";
import { commandLine, eventually, participantsOf } from "../processes.ts";
import { makeOneOfEach } from "../workloads/runner/facilities/everything.ts";
import { end, start } from "./command.ts";

const EVERYTHING =
  new URL("../workloads/runner/facilities/everything.ts", import.meta.url).pathname;

interface Cleaned {
  dryRun: boolean;
  runs: {
    run: string;
    folder: string | null;
    running: boolean;
    processes: number[];
    objects: string[];
    files: string[];
  }[];
  removed: string[];
  parts: string[];
  left: string[];
}

/** What is in `temporary`; other suites may have theirs elsewhere. */
async function cleanIn(temporary: string, ...args: string[]): Promise<Cleaned> {
  const all = await clean(temporary, ...args);
  return { ...all, runs: all.runs.filter(({ folder }) => folder !== null) };
}

async function clean(temporary: string, ...args: string[]): Promise<Cleaned> {
  const { code, out, err } = await end(start(["clean", ...args, "--json", "-"], temporary));
  assertEquals(code, 0, err);
  return JSON.parse(out);
}

/** Kinds of the objects, in the journal's order. */
function kinds(objects: readonly string[]): string[] {
  return objects.map((each) => each.split(" ")[0]!);
}

/** A run whose participants are at work on one object of each kind. */
async function startRun(
  temporary: string,
): Promise<{ coordinator: Deno.ChildProcess; pids: number[] }> {
  const coordinator = start([
    ...["bench", "--facility", EVERYTHING, "--workload", "round-trip", "--size", "64"],
    ...["--placement", "same-cpu", "--trials", "99", "--budget", "1h"],
    ...["--no-store", "--no-report"],
  ], temporary);
  const pids = await eventually("a run on objects of all kinds", () => {
    const [folder] = tryListFolder(temporary).filter((name) => name.startsWith("ipc-taxonomy-"));
    const made = tryListFolder(
      `${temporary}/${folder}/${tryListFolder(`${temporary}/${folder}`)[0]}`,
    );
    const participants = participantsOf(coordinator.pid);
    return participants.length === 2 && made.some((name) => name.startsWith("socket-")) &&
      participants;
  });
  return { coordinator, pids };
}

const ALL_KINDS = ["shm", "sem", "mq", "msg", "sysv-sem", "sysv-shm"];

Deno.test("kill -9 of the coordinator: its peers end by themselves, clean removes the rest", () =>
  leavingNothing(async (temporary) => {
    const { coordinator, pids } = await startRun(temporary);
    const { runs: [before] } = await cleanIn(temporary);
    assertEquals(before?.running, true);
    assertEquals(before?.processes, [coordinator.pid, ...pids].toSorted((a, b) => a - b));
    assertEquals(participantsOf(coordinator.pid), pids, "clean touched a run that goes on");

    coordinator.kill("SIGKILL");
    await end(coordinator);
    await eventually("the end of the peers", () => pids.every((pid) => commandLine(pid) === ""));

    const { runs: [shown], dryRun } = await cleanIn(temporary, "--dry-run");
    assertEquals([dryRun, shown?.running], [true, false]);
    assertEquals(kinds(shown!.objects), ALL_KINDS);
    const removed = await cleanIn(temporary);
    const run = shown!.run;
    assertEquals(removed, { ...removed, dryRun: false, runs: [shown!], removed: [run], left: [] });
    assertEquals(tryListFolder(temporary), []);
    assertEquals((await cleanIn(temporary)).runs, []);
  }));

Deno.test("clean leaves what is not this user's, or not of a run that is over", () =>
  leavingNothing(async (temporary) => {
    using cleanup = new DisposableStack();
    const uid = geteuid();
    const digits = () => crypto.getRandomValues(new Uint8Array(12)).toHex();

    // Of this user, but of no run: a name of one's own, and one that only looks similar.
    const names = [`/of-another-program-${digits()}`, `/ipc-taxonomy-${uid}-notes`];
    // Of a run of another user, as root may see it.
    names.push(`/ipc-taxonomy-${uid + 1}-${newRunId()}-${digits()}`);
    for (const name of names) {
      close(shmOpen(name, O_RDWR | O_CREAT | O_EXCL));
      cleanup.defer(() => shmUnlink(name));
    }
    const set = semget(
      crypto.getRandomValues(new Int32Array(1))[0]! | 1,
      1,
      IPC_CREAT | IPC_EXCL | 0o600,
    );
    cleanup.defer(() => semRemove(set));

    // A run of this user that goes on, in this very process.
    const running = cleanup.use(new RunFolder(temporary, newRunId()));
    const scope = cleanup.use(new Scope(`${running.path}/0`));
    makeOneOfEach(scope);

    // Planted for this user to stumble over: journals that name what must stay.
    const journal = `shm ${names[0]}\nshm ${names[1]}\nsysv-sem ${
      keyOf(set)
    }\nshm ../../etc/passwd\n`;
    const planted = `${temporary}/ipc-taxonomy-${uid}-${newRunId()}`;
    mkdir(planted);
    Deno.mkdirSync(`${planted}/0`);
    Deno.writeTextFileSync(`${planted}/0/journal`, journal);
    Deno.chmodSync(planted, 0o777);
    const elsewhere = `${temporary}/elsewhere`;
    Deno.mkdirSync(`${elsewhere}/0`, { recursive: true });
    Deno.writeTextFileSync(`${elsewhere}/0/journal`, journal);
    const link = `${temporary}/ipc-taxonomy-${uid}-${newRunId()}`;
    Deno.symlinkSync(elsewhere, link);

    const objects = () => [
      ...tryListFolder("/dev/shm").filter((each) => names.includes(`/${each}`)),
      ...semaphoreRows().filter((fields) => fields[1] === `${set}`).map(String),
    ];
    const [objectsBefore, filesBefore] = [objects(), everythingIn(temporary)];
    assertEquals(objectsBefore.length, 4);
    const { runs, left } = await cleanIn(temporary);
    assertEquals(runs.map(({ run, running }) => [run, running]), [[
      running.path.split("/").at(-1)!,
      true,
    ]]);
    assertEquals(kinds(runs[0]!.objects), ALL_KINDS);
    assertEquals(left, []);
    assertEquals([objects(), everythingIn(temporary)], [objectsBefore, filesBefore]);
    for (const path of [planted, elsewhere, link]) Deno.removeSync(path, { recursive: true });
  }));

Deno.test("clean leaves objects whose run has no folder, unless it is told to look for orphans", () =>
  leavingNothing(async (temporary) => {
    const elsewhere = Deno.makeTempDirSync();
    const folder = new RunFolder(elsewhere, newRunId());
    const run = folder.path.split("/").at(-1)!;
    const name = `/${run}-${"0123456789ab".repeat(2)}`;
    close(shmOpen(name, O_RDWR | O_CREAT | O_EXCL));
    const found = async (...args: string[]) => {
      const { runs, removed } = await clean(temporary, ...args);
      const { running, objects } = runs.find((each) => each.run === run)!;
      return { running, objects, removed: removed.includes(run) };
    };
    const objects = [`shm ${name}`];
    try {
      assertEquals(await found("--orphans"), { running: true, objects, removed: false });
      folder[Symbol.dispose]();
      assertEquals(await found(), { running: false, objects, removed: false });
      assert(tryListFolder("/dev/shm").includes(name.slice(1)));
      assertEquals(await found("--orphans"), { running: false, objects, removed: true });
      assert(!tryListFolder("/dev/shm").includes(name.slice(1)));
    } finally {
      Deno.removeSync(elsewhere, { recursive: true });
    }
  }));

Deno.test("clean removes half-written results that nobody writes any more", () =>
  leavingNothing(async (temporary) => {
    const results = `${temporary}/results`;
    Deno.mkdirSync(results);
    const part = () => `${results}/.ipc-taxonomy-${crypto.randomUUID()}.part`;
    const [abandoned, written] = [part(), part()];
    Deno.writeTextFileSync(abandoned, "{");
    using file = Deno.openSync(written, { write: true, createNew: true });
    file.lockSync(true);
    Deno.writeTextFileSync(`${results}/run.json`, "{}");

    assertEquals((await cleanIn(temporary, results)).parts, [abandoned]);
    assertEquals(tryListFolder(results), [written.split("/").at(-1)!, "run.json"]);
    Deno.removeSync(results, { recursive: true });
  }));

Deno.test({
  name: "clean does not touch what another user made under this user's name",
  ignore: !CAN_BECOME_NOBODY,
  fn: () =>
    leavingNothing(async (temporary) => {
      Deno.chmodSync(temporary, 0o1777);
      const run = `ipc-taxonomy-${geteuid()}-${newRunId()}`;
      const name = `/${run}-${"ab".repeat(12)}`;
      assertEquals(await asNobody({ call: "sem_open", args: [name, O_CREAT | O_EXCL] }), null);
      assertEquals(await asNobody({ call: "mkfifo", args: [`${temporary}/${run}`] }), null);
      try {
        assertEquals((await cleanIn(temporary)).runs, []);
        assertEquals(tryListFolder(temporary), [run]);
        assert(tryListFolder("/dev/shm").includes(`sem.${name.slice(1)}`));
      } finally {
        assertEquals(await asNobody({ call: "sem_unlink", args: [name] }), null);
        Deno.removeSync(`${temporary}/${run}`);
      }
    }),
});

Deno.test("clean tells people what it did", () =>
  leavingNothing(async (temporary) => {
    const path = `${temporary}/ipc-taxonomy-${geteuid()}-${newRunId()}`;
    mkdir(path);
    mkfifo(`${path}/fifo`);
    const shown = await end(start(["clean", "--dry-run"], temporary));
    assertMatch(shown.out, /^would remove {2}ipc-taxonomy-.*\n.*fifo\n/m);
    const removed = await end(start(["clean"], temporary));
    assertMatch(removed.out, /^removed {2}ipc-taxonomy-.*\n.*fifo\n/m);
    const { out, code, err } = await end(start(["clean"], temporary));
    assertMatch(out, /^No interrupted run left anything behind\n$/m);
    assertEquals([code, err], [0, ""]);
  }));

function everythingIn(folder: string): string[] {
  return tryListFolder(folder).flatMap((name) => [name, ...tryListFolder(`${folder}/${name}`)]);
}

/** The key of a set of semaphores, which `/proc` tells. */
function keyOf(id: number): number {
  return Number(semaphoreRows().find((fields) => fields[1] === `${id}`)![0]);
}

/** Key, id and so on of every System V set; a machine's first has the id 0, like most other fields. */
function semaphoreRows(): string[][] {
  return readText("/proc/sysvipc/sem").split("\n").map((line) => line.trim().split(/\s+/));
}
