// @gate alone

import { assert, assertEquals, assertMatch } from "@std/assert";
import { LEAVES } from "../../facilities/taxonomy.ts";
import type { Cell } from "../../workloads/runner/document.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { leavingNothing } from "../leftovers.ts";
import { WITHOUT_NAMESPACES } from "../namespaces.ts";
import { fromFileUrl } from "../paths.ts";

const REPOSITORY = fromFileUrl(import.meta.resolve("../../")).replace(/\/$/, "");
const here = (name: string) => fromFileUrl(import.meta.resolve(`./${name}`));
const ignore = WITHOUT_NAMESPACES !== null;

/** One short trial of each facility; four bytes fit into all of them. */
const BENCH = [
  ...["run", "--quiet", "--no-prompt"],
  ...["--allow-ffi", "--allow-run", "--allow-read", "--allow-env=TMPDIR", "cli/main.ts", "bench"],
  ...["--size", "4", "--workload", "round-trip,hand-off,uncontended", "--wait", "futex"],
  ...["--placement", "same-cpu", "--trials", "1", "--budget", "1s"],
  ...["--no-store", "--no-report", "--json", "-"],
];

/** Runs it in a restricted place; returns the cells that are no control rows. */
async function cellsOf(...words: string[]): Promise<Cell[]> {
  const { code, stdout, stderr } = await new Deno.Command(words[0]!, {
    args: words.slice(1),
    cwd: REPOSITORY,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  assertEquals(code, 0, text.decode(stderr));
  return parseRun(text.decode(stdout), "the run").cells.filter(({ control }) => !control);
}

/** The facilities none of whose cells was measured; each cell of theirs says why. */
function unmeasured(cells: readonly Cell[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const facility of new Set(cells.map((cell) => cell.facility))) {
    const own = cells.filter((cell) => cell.facility === facility);
    if (own.some(({ status }) => status === "measured")) continue;
    found.set(facility, own.map((cell) => cell.status === "not-applicable" ? cell.reason : ""));
  }
  return found;
}

function assertAllThere(cells: readonly Cell[], among: readonly string[]): void {
  for (const id of among) assert(cells.some(({ facility }) => facility === id), `no cell of ${id}`);
  const failed = cells.filter(({ status }) => status === "failed");
  assertEquals(failed, []);
}

Deno.test({
  name: "nobody, with a read-only /tmp, half of /proc hidden and namespaces, measures everything",
  ignore,
  async fn() {
    const info = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
    const { denoDir } = JSON.parse(new TextDecoder().decode(info.stdout));
    await leavingNothing(async () => {
      const cells = await cellsOf(
        ...["unshare", "--mount", "--ipc", "--pid", "--fork"],
        ...["sh", here("place.sh"), Deno.execPath(), denoDir, REPOSITORY, ...BENCH],
      );
      assertAllThere(cells, LEAVES.map(({ id }) => id));
      assertEquals(unmeasured(cells), new Map());
    });
  },
});

const FEW = ["pipe", "posix-message-queue", "sysv-message-queue", "sysv-shared-memory"];
const IN_SHARED_MEMORY = [
  "posix-shared-memory",
  "posix-named-semaphore",
  "posix-unnamed-semaphore",
];

Deno.test({
  name: "bench --claims under ENOSYS: what was measured is kept, unknown verdicts exit with 3",
  ignore,
  async fn() {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--allow-ffi", "--allow-run"],
        ...[here("without_calls.ts"), "mq", Deno.execPath(), ...BENCH],
        ...["--facility", "fifo,posix-message-queue", "--claims"],
      ],
      cwd: REPOSITORY,
      stdin: "null",
    }).output();
    const text = new TextDecoder();
    assertEquals(code, 3, text.decode(stderr));
    const { cells, claims, complete } = parseRun(text.decode(stdout), "the run");
    assert(complete);
    assert(cells.some(({ facility, status }) => facility === "fifo" && status === "measured"));
    const about = (id: string) =>
      claims.filter(({ facility, verdict }) => facility === id && verdict !== "not-applicable");
    assert(about("fifo").some(({ verdict }) => verdict === "holds"));
    assertEquals(new Set(about("posix-message-queue").map(({ verdict }) => verdict)).size, 1);
    for (const { verdict, reason } of about("posix-message-queue")) {
      assertEquals(verdict, "unknown");
      assertMatch(reason!, /^mq_open .*ENOSYS; use a kernel/);
    }
  },
});

Deno.test({
  name: "root of a user namespace of its own measures what has a name",
  ignore,
  async fn() {
    const few = [...FEW, ...IN_SHARED_MEMORY];
    const cells = await cellsOf(
      ...["unshare", "--user", "--map-root-user", "--ipc", Deno.execPath(), ...BENCH],
      ...["--facility", few.join(",")],
    );
    assertAllThere(cells, few);
    assertEquals(unmeasured(cells), new Map());
  },
});

Deno.test({
  name: "where the kernel refuses msg* and mq*, and /dev/shm is read-only, the rest is measured",
  ignore,
  async fn() {
    const few = [...FEW, ...IN_SHARED_MEMORY];
    const cells = await cellsOf(
      ...["unshare", "--mount", "sh", "-c", `mount -t tmpfs -o ro none /dev/shm; exec "$@"`, "sh"],
      ...[Deno.execPath(), "run", "--quiet", "--no-prompt", "--allow-ffi", "--allow-run"],
      ...[here("without_calls.ts"), "mq,msg", Deno.execPath(), ...BENCH],
      ...["--facility", few.join(",")],
    );
    assertAllThere(cells, few);
    const missing = unmeasured(cells);
    const expected = {
      "posix-message-queue": /mq_open .*ENOSYS/,
      "sysv-message-queue": /msgget.* EPERM/,
      "posix-shared-memory": /shm_open .*EROFS/,
      "posix-named-semaphore": /sem_open .*EROFS/,
    };
    assertEquals([...missing.keys()].sort(), Object.keys(expected).sort());
    for (const [facility, reason] of Object.entries(expected)) {
      for (const each of missing.get(facility)!) assertMatch(each, reason);
    }
  },
});

Deno.test({
  name: "a bench that gets none of what it was asked for says why and exits 3, some of it 0",
  async fn() {
    for (const [facility, code] of [["posix-message-queue", 3], ["posix-message-queue,pipe", 0]]) {
      const ended = await new Deno.Command(Deno.execPath(), {
        args: [
          ...["run", "--quiet", "--no-prompt", "--allow-ffi", "--allow-run"],
          ...[here("without_calls.ts"), "mq", Deno.execPath()],
          ...BENCH.slice(0, -2),
          ...["--facility", `${facility}`],
        ],
        cwd: REPOSITORY,
        stdin: "null",
        stdout: "piped",
        stderr: "piped",
      }).output();
      const out = new TextDecoder().decode(ended.stdout);
      assertEquals([ended.code, new TextDecoder().decode(ended.stderr)], [code, ""], out);
      const line = out.replaceAll(/\n {2}/g, " ");
      assertMatch(line, /^not applicable: POSIX message queue \(\d+ cells?\): mq_open .*ENOSYS/m);
    }
  },
});
