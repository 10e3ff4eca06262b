/** File systems that are full or read-only when something is to be written. Needs root. @module */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { tryListFolder } from "../../facilities/libc/files.ts";
import { WITHOUT_NAMESPACES } from "../namespaces.ts";
import { assertCoped, measuredCells, readRun, Running } from "./bench.ts";
import { type Context, type Fault, pause, pick } from "./fault.ts";

const inapplicable = () => WITHOUT_NAMESPACES;

export async function system(...words: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(words[0]!, {
    args: words.slice(1),
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${words.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}

/** A small file system of its own, for as long as `body` takes. */
async function withSmallDisk(
  folder: string,
  size: string,
  body: (disk: string) => Promise<string>,
): Promise<string> {
  const disk = `${folder}/disk`;
  await Deno.mkdir(disk);
  await system("mount", "-t", "tmpfs", "-o", `size=${size}`, "none", disk);
  try {
    return await body(disk);
  } finally {
    await system("umount", disk);
    await Deno.remove(disk);
  }
}

const SMALL = [
  ...["bench", "--facility", "pipe", "--workload", "round-trip", "--size", "64"],
  ...["--placement", "same-cpu", "--participants", "process", "--trials", "1", "--budget", "2s"],
];

const SINKS = ["json", "store", "report"] as const;

/** Where the results go: one place on the disk, the others beside it. */
function sinks(onDisk: typeof SINKS[number], disk: string, results: string) {
  const at = (sink: typeof SINKS[number]) => sink === onDisk ? disk : results;
  const json = `${at("json")}/run.json`;
  const store = `${at("store")}/history.sqlite`;
  const report = `${at("report")}/report`;
  return { args: ["--json", json, "--store", store, "--report", report], json, store, report };
}

/** What could be kept is kept, whole; nothing half-written is left. */
async function assertKept(
  failing: typeof SINKS[number],
  { json, store, report }: ReturnType<typeof sinks>,
  disk: string,
): Promise<void> {
  if (failing !== "json") assertEquals(measuredCells((await readRun(json))!).length, 1);
  if (failing !== "report") {
    assertMatch(await Deno.readTextFile(`${report}/index.html`), /<\/html>/);
  }
  if (failing !== "store") assert((await Deno.stat(store)).size > 0);
  const parts = [...tryListFolder(disk), ...tryListFolder(report)].filter((each) =>
    each.endsWith(".part")
  );
  assertEquals(parts, []);
}

const diskFull: Fault = {
  id: "disk full where one result is written",
  inapplicable,
  async inject({ random, temporary, results }: Context) {
    const failing = pick(random, SINKS);
    const bytes = 4096 * (1 + random.integer(2));
    return await withSmallDisk(results, `${bytes}`, async (disk) => {
      const places = sinks(failing, disk, results);
      const ended = await new Running([...SMALL, ...places.args], { temporary }).end();
      // Where even the empty history does not fit, that is found out beforehand.
      assertCoped(ended, failing === "store" ? [2, 4] : [4]);
      assertMatch(ended.err, /No space left|disk is full|full|not fit/i);
      if (ended.out === "") {
        assertEquals(failing, "store");
        return `exit ${ended.code}, found beforehand (store)`;
      }
      assertMatch(ended.out, /Round trip/);
      await assertKept(failing, places, disk);
      return `exit 4, one line, the rest kept (${failing})`;
    });
  },
};

const diskReadOnly: Fault = {
  id: "disk turns read-only while measuring",
  inapplicable,
  async inject({ random, temporary, results }: Context) {
    const failing = pick(random, SINKS);
    return await withSmallDisk(results, "8m", async (disk) => {
      const places = sinks(failing, disk, results);
      const run = new Running([...SMALL, ...places.args], { temporary });
      await run.until(() => run.participants().length > 0);
      await pause(random.next() * 500);
      await system("mount", "-o", "remount,ro", disk).catch(() => {
        // Somebody is writing at this very moment.
      });
      const ended = await run.end();
      assertCoped(ended, [0, 4]);
      if (ended.code === 0) return "came too late";
      assertMatch(ended.err, /[Rr]ead-?only/);
      await assertKept(failing, places, disk);
      return `exit 4, one line, the rest kept (${failing})`;
    });
  },
};

const readOnlyBefore: Fault = {
  id: "disk read-only from the start",
  inapplicable,
  async inject({ random, temporary, results }: Context) {
    return await withSmallDisk(results, "8m", async (disk) => {
      await system("mount", "-o", "remount,ro", disk);
      const places = sinks(pick(random, SINKS), disk, results);
      const ended = await new Running([...SMALL, ...places.args], { temporary }).end();
      assertCoped(ended, [2]);
      assertMatch(ended.err, /read-?only|unable to open/i);
      assertEquals(ended.out, "");
      return "exit 2 before anything is measured";
    });
  },
};

/** The journal, files to map and sockets have no room. */
const temporaryFull: Fault = {
  id: "temporary folder full",
  inapplicable,
  async inject({ random, results }: Context) {
    const bytes = 4096 * (1 + random.integer(6));
    return await withSmallDisk(results, `${bytes}`, async (disk) => {
      const run = new Running([
        ...["bench", "--facility", "pipe,fifo,file-mapping,posix-shared-memory"],
        ...["--workload", "round-trip", "--size", "64", "--wait", "futex", "--placement"],
        ...["same-cpu", "--participants", "process", "--trials", "1", "--budget", "4s"],
        ...["--no-store", "--no-report", "--json", `${results}/run.json`],
      ], { temporary: disk });
      const ended = await run.end();
      assertCoped(ended, [0, 4]);
      const document = (await readRun(`${results}/run.json`))!;
      assert(measuredCells(document).some((id) => id.includes("/pipe/")));
      assertEquals(tryListFolder(disk), []);
      return `exit ${ended.code}, ${measuredCells(document).length} of 4 cells measured`;
    });
  },
};

export const STORAGE_FAULTS: readonly Fault[] = [
  diskFull,
  diskReadOnly,
  readOnlyBefore,
  temporaryFull,
];
