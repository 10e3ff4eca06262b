/** Every command that prints documents from outside, with hostile text in every field. @module */
import { assert, assertEquals } from "@std/assert";
import { assertHarmless, assertInert, assertNoCommand, TEXTS } from "../hostile.ts";
import { hostileFidelity, hostileRun } from "../hostile_runs.ts";
import { end, start } from "./command.ts";

const { formula, command } = TEXTS as { formula: typeof TEXTS[string]; command: typeof formula };

/** As it can be given on a command line. */
const MACHINE = command!("machineKey").replaceAll(/[\0\ud800]/g, "");

/** Two runs, the later one slower and of another kernel, as files and in a history. */
async function withRuns(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hostile-cli-" });
  try {
    for (const [index, text] of [formula!, command!].entries()) {
      const run = hostileRun({
        ...{ id: `hostile-${index}`, text: formula!, known: index === 1, factor: 1 + 2 * index },
        startedAt: `2026-01-0${index + 1}T00:00:00.000Z`,
        kernel: text("kernel"),
      });
      run.host.machineKey = MACHINE;
      await Deno.writeTextFile(`${folder}/${index}.json`, JSON.stringify(run));
    }
    const fidelity = hostileFidelity(formula!);
    await Deno.writeTextFile(`${folder}/fidelity.json`, JSON.stringify(fidelity));
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Arguments, `FOLDER` for the folder; what is printed beside JSON is for a log. */
const COMMANDS: readonly (readonly [args: string, codes: readonly number[]])[] = [
  ["history import FOLDER/0.json FOLDER/1.json", [0]],
  ["history list", [0]],
  ["history list --json -", [0]],
  ["history show hostile-0", [0]],
  ["history show hostile-1 --json -", [0]],
  ["history baseline given hostile-0 hostile-1", [0]],
  ["history baseline", [0]],
  ["history trend --all --machine MACHINE", [0]],
  ["history trend --by kernel --all", [0]],
  ["history trend --by kernel --all nothing-of-the-kind", [2]],
  ["history trend", [2]],
  ["history export hostile-1 --format json", [0]],
  ["history export hostile-1 --format markdown", [0]],
  ["history export hostile-1 --format csv", [0]],
  ["history export hostile-1 --format openmetrics", [0]],
  ["history export hostile-1 --format prometheus", [0]],
  ["history export hostile-1 --format github-smaller", [0]],
  ["history export hostile-1 --format github-bigger", [3]],
  ["compare FOLDER/0.json FOLDER/1.json --all --markdown FOLDER/compare.md", [0]],
  ["compare --by kernel --all", [0]],
  ["check --baseline FOLDER/0.json --candidate FOLDER/1.json --no-confirm", [0, 1, 3]],
  ["check --baseline hostile-0 --candidate hostile-1 --no-confirm --json -", [0, 1, 3]],
  ["advise FOLDER/1.json --no-measure", [0, 3]],
  ["report FOLDER/0.json --report FOLDER/site --fidelity FOLDER/fidelity.json", [0]],
  ["report FOLDER/1.json --report FOLDER/page --single-file", [0]],
  ["history import FOLDER/fidelity.json", [2]],
];

Deno.test("no command passes on what acts in the texts of a document", () =>
  withRuns(async (folder) => {
    for (const [line, codes] of COMMANDS) {
      const args = line.split(" ").map((arg) =>
        arg.replace("FOLDER", folder).replace("MACHINE", () => MACHINE)
      );
      const { code, out, err } = await end(start(args, undefined, {
        IPC_TAXONOMY_STORE: `${folder}/history.sqlite`,
        GITHUB_ACTIONS: "true",
        GITHUB_STEP_SUMMARY: `${folder}/summary.md`,
      }));
      assert(codes.includes(code), `${line}: ${code}\n${out}\n${err}`);
      const isData = /--json -|--format json/.test(line);
      const lines = out.replaceAll("\r\n", "\n").split("\n");
      const own = args[0] === "check" ? lines.filter((each) => ANNOTATION.test(each)) : [];
      assertEquals(own.length > 0, line.startsWith("check") && !isData, line);
      const rest = lines.filter((each) => !own.includes(each)).join("\n");
      (isData ? assertInert : assertHarmless)(rest, line);
      assertNoCommand(rest, line);
      const errors = isData
        ? err.split("\n").filter((each) => !ANNOTATION.test(each)).join("\n")
        : err;
      assertHarmless(errors, `${line}, stderr`);
      assertNoCommand(errors, `${line}, stderr`);
    }
    for (const file of ["compare.md", "summary.md"]) {
      assertHarmless(await Deno.readTextFile(`${folder}/${file}`), file);
    }
  }));

/** What a check says to GitHub's runner itself. */
const ANNOTATION = /^::(error|notice|warning) title=IPC (check|regression|improvement)::/;
