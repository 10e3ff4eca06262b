// @gate alone

/** The suite as one file, with the Deno binary alone: an empty folder, an empty cache, no network. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { bundle, PERMISSIONS } from "../../cli/standalone/build.ts";
import { processArguments } from "../../facilities/programs.ts";
import type { ClaimVerdict } from "../../workloads/runner/document.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { leavingNothing } from "../leftovers.ts";
import { ROOT } from "../paths.ts";

const decoder = new TextDecoder();

/** A folder with nothing but the file in it, and a cache with nothing at all. */
class Alone implements AsyncDisposable {
  private constructor(readonly folder: string, readonly temporary: string) {}

  static async make(temporary: string): Promise<Alone> {
    const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-alone-" });
    await Deno.mkdir(`${folder}/here`);
    await Deno.mkdir(`${folder}/cache`);
    await bundle(`${folder}/here/ipc-taxonomy.js`);
    return new Alone(folder, temporary);
  }

  /** Runs Deno in the folder, in a network namespace of its own, where not even loopback is up. */
  async deno(...args: string[]) {
    const user = Deno.uid() === 0 ? [] : ["--map-root-user"];
    const { code, stdout, stderr } = await new Deno.Command("unshare", {
      args: [...user, "--net", Deno.execPath(), ...args],
      cwd: `${this.folder}/here`,
      clearEnv: true,
      env: {
        DENO_DIR: `${this.folder}/cache`,
        TMPDIR: this.temporary,
        PATH: Deno.env.get("PATH") ?? "/usr/bin:/bin",
      },
      stdin: "null",
    }).output();
    return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  }

  async suite(...args: string[]) {
    return await this.deno("run", "--no-prompt", ...PERMISSIONS, "ipc-taxonomy.js", ...args);
  }

  async read(file: string): Promise<string> {
    return await Deno.readTextFile(`${this.folder}/here/${file}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

const SHORT = [
  "--trials",
  "1",
  "--budget",
  "3s",
  "--wait",
  "futex",
  "--placement",
  "unpinned",
  "--size",
  "64",
];

const FACILITIES = ["memfd", "mutex", "pipe"];

/** One after the other: later ones read what earlier ones wrote. */
const STEPS: Readonly<Record<string, (alone: Alone) => Promise<void>>> = {
  async "there is no network"(alone) {
    const { out } = await alone.deno(
      ...[
        "eval",
        "console.log(Deno.networkInterfaces().filter((each) => each.name !== 'lo').length)",
      ],
    );
    assertEquals(out.trim(), "0");
  },

  async "bench measures between processes and between threads"(alone) {
    const { code, err } = await alone.suite(
      ...[
        "bench",
        "--facility",
        `${FACILITIES},tcp,udp`,
        "--participants",
        "process,thread",
        ...SHORT,
      ],
      ...["--workload", "round-trip,uncontended", "--json", "run.json", "--awake"],
    );
    assertEquals(code, 0, err);
    const { cells } = parseRun(await alone.read("run.json"), "run.json");
    const measured = cells.filter(({ status, control }) => status === "measured" && !control);
    for (const participants of ["process", "thread"]) {
      const own = measured.filter((cell) => cell.participants === participants);
      assertEquals([...new Set(own.map(({ facility }) => facility))].sort(), FACILITIES);
    }
    // Where loopback is down, what needs it is not to be had, and that is no failure.
    const lacking = cells.filter(({ facility }) => ["tcp", "udp"].includes(facility));
    assert(lacking.length > 0);
    for (const cell of lacking) {
      assert(cell.status === "not-applicable" && /ENETUNREACH/.test(cell.reason), cell.id);
    }
    assertStringIncludes(await alone.read("results/report/index.html"), "<html");
  },

  async "claims are proved by its experiments"(alone) {
    const { code, out, err } = await alone.suite(
      ...["claims", "--facility", "pipe,tcp", "--claim", "threads,destructive-read"],
      ...["--json", "claims.json"],
    );
    assertEquals(code, 0, out + err);
    const { claims } = JSON.parse(await alone.read("claims.json"));
    const verdicts = claims.map((each: ClaimVerdict) => `${each.facility} ${each.verdict}`).sort();
    assertEquals(verdicts, [
      ...["pipe holds", "pipe holds"],
      ...["tcp not-applicable", "tcp not-applicable"],
    ]);
  },

  async "check holds a run against another"(alone) {
    const { code, out, err } = await alone.suite(
      ...["check", "--baseline", "run.json", "--candidate", "run.json", "--no-confirm"],
    );
    assert([0, 3].includes(code), out + err);
    assertStringIncludes(out, "Verdict");
  },

  async "report makes the site"(alone) {
    const { code, err } = await alone.suite("report", "run.json", "--report", "site");
    assertEquals(code, 0, err);
    assertStringIncludes(await alone.read("site/facilities/pipe.html"), "<html");
  },

  async "a facility of one's own imports what it needs from the file"(alone) {
    const example = await Deno.readTextFile(`${ROOT}/examples/my_ring.ts`);
    await Deno.writeTextFile(
      `${alone.folder}/here/my_ring.ts`,
      example.replace("../mod.ts", "./ipc-taxonomy.js"),
    );
    const { code, err } = await alone.suite(
      ...["bench", "--facility", "./my_ring.ts", "--workload", "round-trip", ...SHORT],
      ...["--participants", "process,thread", "--no-report", "--no-store", "--json", "own.json"],
    );
    assertEquals(code, 0, err);
    const { cells } = parseRun(await alone.read("own.json"), "own.json");
    assertEquals(cells.filter(({ facility }) => facility === "my-ring").length, 2);
  },

  async "a compiler apart, fidelity has with it what it needs"(alone) {
    const { code, out, err } = await alone.suite(
      ...["fidelity", "--facility", "mutex", "--budget", "1s"],
    );
    // 3 where there is no compiler, which it says.
    assert([0, 3].includes(code), out + err);
    assertStringIncludes(out + err, code === 0 ? "Native code by" : "no C compiler");
  },

  async "the other commands"(alone) {
    for (const words of ["list", "history list", "doctor", "clean", "compare run.json run.json"]) {
      const { code, out, err } = await alone.suite(...words.split(" "));
      assert(code === 0 || words === "doctor" && code === 3, `${words} ended with ${code}: ${err}`);
      assert(out.length > 0, words);
    }
  },
};

Deno.test("the suite runs as one file without cache, network or anything beside it", async (t) => {
  await leavingNothing(async (temporary) => {
    await using alone = await Alone.make(temporary);
    for (const [name, does] of Object.entries(STEPS)) await t.step(name, () => does(alone));
  });
});

Deno.test("a program is started as its own module, as a part of the file, or as itself", () => {
  const start = (form: { bundled: boolean; compiled: boolean }) =>
    processArguments(":participant", "file:///participant.ts", ["--quiet"], form);
  assertEquals(start({ bundled: false, compiled: false }), [
    "run",
    "--quiet",
    "file:///participant.ts",
  ]);
  const [run, quiet, , name] = start({ bundled: true, compiled: false });
  assertEquals([run, quiet, name], ["run", "--quiet", ":participant"]);
  assertEquals(start({ bundled: true, compiled: true }), [":participant"]);
});
