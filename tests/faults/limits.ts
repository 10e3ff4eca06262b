/** Limits that are lowered under a run. @module */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { tryListFolder } from "../../facilities/libc/files.ts";
import { geteuid } from "../../facilities/libc/unistd.ts";
import { WITHOUT_NAMESPACES } from "../namespaces.ts";
import { assertCoped, type Ended, measuredCells, readRun, Running } from "./bench.ts";
import { type Context, type Fault, pause, pick, variation } from "./fault.ts";
import { system } from "./storage.ts";

const COMMON = [
  ...["--size", "64", "--wait", "futex", "--placement", "same-cpu", "--participants", "process"],
  ...["--no-store", "--no-report"],
];

function bench(
  facilities: string,
  { temporary, results }: Context,
  prefix: string[] = [],
): Running {
  return new Running([
    ...["bench", "--facility", facilities, "--workload", "round-trip,hand-off"],
    ...[...COMMON, "--trials", "2", "--budget", "3s", "--json", `${results}/run.json`],
  ], { temporary, prefix });
}

/** Limits of `prlimit`, what to measure under them, and values that hurt. */
const LIMITS: Record<string, { facilities: string; values: string[] }> = {
  nofile: { facilities: "pipe,unix-stream,eventfd", values: ["8", "16", "24", "32", "64"] },
  msgqueue: { facilities: "pipe,posix-message-queue", values: ["0", "100", "4096"] },
  sigpending: { facilities: "pipe,realtime-signal", values: ["0", "1", "2"] },
  fsize: { facilities: "pipe,file-mapping,posix-shared-memory", values: ["0", "1000", "4096"] },
  memlock: { facilities: "pipe,anonymous-mapping", values: ["0", "4096"] },
  stack: { facilities: "pipe,futex", values: ["65536", "1000000"] },
};

/** Of the coordinator, at a random moment: all that it starts from then on has it. */
function lowered(limit: string): Fault {
  const { facilities, values } = LIMITS[limit]!;
  return {
    id: `RLIMIT_${limit.toUpperCase()} lowered`,
    async inject(context) {
      const { random, results } = context;
      const run = bench(facilities, context);
      await run.until(() => run.participants().length > 0);
      await pause(random.next() * 1_000);
      const value = pick(random, values);
      // The hard limit too, or a participant might raise it again.
      await system("prlimit", "--pid", `${run.pid}`, `--${limit}=${value}:${value}`).catch(
        () => {},
      );
      const ended = await run.end();
      assertCoped(ended, [0, 4]);
      const document = await readRun(`${results}/run.json`);
      if (limit === "fsize" && document === null) return assertTold(ended, results);
      assert(document, `no document: ${ended.err}`);
      return outcome(ended.code, document);
    },
  };
}

const CONTROL_ROWS = 4;

/** The file-size limit is also that of the document: it is the tables that keep what was measured. */
function assertTold({ code, out, err }: Ended, results: string): string {
  assertEquals(code, 4);
  assertMatch(err, /^ipc-taxonomy: Cannot write \S+run\.json: .*too large/i);
  const measured = Number(/^(\d+) cells? measured in /m.exec(out)?.[1]);
  const rows = out.match(/^ ?\d+ {2}\S.* [\d.]+ [nµm]s/gm) ?? [];
  const floors = out.includes("Floors of this machine") ? CONTROL_ROWS : 0;
  assertEquals(rows.length + floors, measured, out);
  assertEquals(tryListFolder(results), [], "a part was left");
  return "exit 4, one line, the tables have the cells";
}

function outcome(code: number, document: NonNullable<Awaited<ReturnType<typeof readRun>>>): string {
  const cells = document.cells.filter(({ control }) => !control);
  for (const facility of document.settings.facilities) {
    assert(cells.some((cell) => cell.facility === facility), `no cell of ${facility}`);
  }
  for (const cell of cells) {
    if (cell.status !== "measured") assert(cell.reason.length > 10, JSON.stringify(cell));
  }
  return `exit ${code}, ${measuredCells(document).length} of ${cells.length} cells measured`;
}

/** Of a participant at a random moment: its next allocation fails. */
function addressSpace(rank: 0 | 1): Fault {
  return {
    id: `RLIMIT_AS of the ${rank === 0 ? "initiator" : "peer"} lowered`,
    async inject(context) {
      const run = bench("pipe,posix-shared-memory", context);
      let pid: number | undefined;
      await run.until(() => run.participants().length > 0);
      await pause(context.random.next() * 1_500);
      await run.until(() => (pid = run.participants()[rank]) !== undefined);
      await system("prlimit", "--pid", `${pid}`, "--as=1000000:1000000").catch(() => {});
      const ended = await run.end();
      assertCoped(ended, [0, 4]);
      return outcome(ended.code, (await readRun(`${context.results}/run.json`))!);
    },
  };
}

/** Limits of an IPC namespace, and values that hurt. */
const SYSCTLS: Record<string, string[]> = {
  "kernel/shmmax": ["1", "4096"],
  "kernel/shmall": ["0", "1"],
  "kernel/shmmni": ["0"],
  "kernel/msgmni": ["0", "1"],
  "kernel/msgmax": ["1", "63"],
  "kernel/msgmnb": ["10"],
  "kernel/sem": ["250 32000 32 0", "1 1 1 1", "250 1 32 128"],
  "fs/mqueue/queues_max": ["0", "1"],
  "fs/mqueue/msg_max": ["1"],
  "fs/mqueue/msgsize_max": ["128"],
};

const systemWide: Fault = {
  id: "SHMMAX, MSGMNI, SEM and the like lowered",
  inapplicable: () => WITHOUT_NAMESPACES,
  async inject(context) {
    const { random } = context;
    const names = random.shuffle(Object.keys(SYSCTLS)).slice(0, 1 + random.integer(4));
    const settings = names.map((name) => `echo ${pick(random, SYSCTLS[name]!)} >/proc/sys/${name}`);
    // What is left in the namespace would go with it, so it is looked for from inside.
    const script = `${settings.join("\n")}\n"$@"; code=$?
      for kind in msg sem shm; do sed 1d /proc/sysvipc/$kind >&2; done; exit $code`;
    const run = bench(
      "pipe,sysv-shared-memory,sysv-message-queue,sysv-semaphore,posix-message-queue",
      context,
      ["unshare", "--ipc", "sh", "-c", script, "sh"],
    );
    const ended = await run.end();
    assertCoped(ended, [0, 4]);
    const document = (await readRun(`${context.results}/run.json`))!;
    assert(measuredCells(document).some((id) => id.includes("/pipe/")));
    return outcome(ended.code, document);
  },
};

const GROUPS = "/sys/fs/cgroup/memory";

const memory: Fault = {
  id: "memory limit of a control group",
  inapplicable: () =>
    geteuid() === 0 && tryListFolder(GROUPS).includes("memory.limit_in_bytes")
      ? null
      : "no memory controller of version 1 that this user may use",
  async inject(context) {
    const { random, temporary, results } = context;
    const group = `${GROUPS}/ipc-taxonomy-faults-${random.uint32()}`;
    await system("mkdir", group);
    try {
      const limit = 50_000_000 + random.integer(100_000_000);
      await system("sh", "-c", `echo ${limit} >${group}/memory.limit_in_bytes`);
      const run = bench("pipe,posix-shared-memory", context, [
        ...["sh", "-c", `echo $$ >${group}/cgroup.procs; exec "$@"`, "sh"],
      ]);
      const { code, out, err } = await run.end();
      if (code === 137) {
        const cleaning = new Running(["clean", results], { temporary });
        assertCoped(await cleaning.end(), [0]);
        return "the coordinator was killed, clean removed the rest";
      }
      assertCoped({ code, out, err }, [0, 4]);
      return outcome(code, (await readRun(`${results}/run.json`))!);
    } finally {
      await system("rmdir", group);
    }
  },
};

const SOURCES = "/sys/devices/system/clocksource/clocksource0";

/** For the whole machine, so it is left out unless it is asked for. */
const clock: Fault = {
  id: "another clock, with another step",
  inapplicable: () =>
    Deno.env.has("FAULTS_MACHINE_WIDE")
      ? null
      : "it changes the whole machine's; FAULTS_MACHINE_WIDE=1",
  async inject(context) {
    const set = (name: string) =>
      system("sh", "-c", `echo ${name} >${SOURCES}/current_clocksource`);
    const [current, available] = await Promise.all(
      ["current", "available"].map((each) => contentOf(`${SOURCES}/${each}_clocksource`)),
    );
    const other = available!.split(" ").find((each) => each !== current);
    if (!other) return "there is no other";
    const run = bench("pipe", context);
    try {
      await run.until(() => run.participants().length > 0);
      await pause(context.random.next() * 1_500);
      await set(other);
      const ended = await run.end();
      assertCoped(ended, [0]);
      const document = (await readRun(`${context.results}/run.json`))!;
      assertEquals(measuredCells(document).length, 2);
      return outcome(ended.code, document);
    } finally {
      await set(current!);
    }
  },
};

async function contentOf(path: string): Promise<string> {
  const { stdout } = await new Deno.Command("cat", { args: [path] }).output();
  return new TextDecoder().decode(stdout).trim();
}

export const LIMIT_FAULTS: readonly Fault[] = [
  ...["nofile", "msgqueue", "sigpending", "fsize"].map(lowered),
  ...["memlock", "stack"].map((limit) => variation(lowered(limit))),
  variation(addressSpace(0)),
  addressSpace(1),
  systemWide,
  memory,
  clock,
];
