/** Tasks, called by `deno task` from folders of all kinds, by a Deno of all kinds of paths. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { copyOfCheckout, denoIn } from "../checkout.ts";
import { ROOT } from "../paths.ts";
import { childrenOf, eventually, participantsOf } from "../processes.ts";
import { syntheticRun } from "../reports/html/synthetic_run.ts";

/** A folder that no task may write to without naming it. */
const BEYOND = "/var/tmp";

/** Whatever a shell, a list of permissions or a URL could trip over. */
const ODD = `my repo, ünïcode 'a' "b" $(touch injected) \`c\` #d?e%20f;g&h`;

interface Call {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface Place {
  readonly deno: string;
  readonly cwd: string;
  readonly config?: string;
  readonly env?: Record<string, string>;
}

/** Runs a task; what the task runner itself says is left out. */
async function task({ deno, cwd, config, env }: Place, ...words: string[]): Promise<Call> {
  const { code, stdout, stderr } = await new Deno.Command(deno, {
    args: ["task", "--quiet", ...(config ? ["--config", config] : []), ...words],
    cwd,
    env: { NO_COLOR: "1", INIT_CWD: "", GITHUB_ACTIONS: "", TMPDIR: "", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

async function inFolder(
  body: (folder: string) => Promise<void>,
  dir: string | undefined = undefined,
): Promise<void> {
  const folder = await Deno.makeTempDir({ dir, prefix: "ipc-taxonomy-test-task-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A module of a facility, which participants load too. */
const PIPE = import.meta.resolve("../../facilities/communication/byte_stream/pipe.ts");
const MODULE = `export { facility } from ${JSON.stringify(PIPE)};`;

const CLAIMS = ["claims", "--claim", "destructive-read", "--json", "claims.json"];

async function claimsIn(folder: string): Promise<string[]> {
  const { claims } = JSON.parse(await Deno.readTextFile(`${folder}/claims.json`));
  return claims.map((each: { facility: string; verdict: string }) =>
    `${each.facility} ${each.verdict}`
  );
}

Deno.test("tasks work whatever the paths of the checkout, of Deno and of the caller hold", () =>
  inFolder(async (folder) => {
    const checkout = `${folder}/${ODD}`;
    await copyOfCheckout(checkout);
    const deno = await denoIn(`${folder}/Jane, "Doe" $(touch injected)`);
    const here = { deno, cwd: checkout };
    const proved = await task(here, ...CLAIMS, "--facility", "pipe");
    assertEquals(proved.code, 0, proved.err);
    assertEquals(await claimsIn(checkout), ["pipe holds"]);

    const sub = `${checkout}/sub ${ODD}`;
    await Deno.mkdir(sub);
    const name = ODD.replaceAll(",", ""); // which parts a list
    await Deno.writeTextFile(`${sub}/${name}.ts`, MODULE);
    const module = await task({ deno, cwd: sub }, ...CLAIMS, "--facility", `./${name}.ts`);
    assertEquals(module.code, 0, module.err);
    assertEquals(await claimsIn(sub), ["pipe holds"]);

    const bundled = await task({ deno, cwd: sub }, "bundle", `${ODD}.js`);
    assertEquals([bundled.code, bundled.err], [0, ""]);
    assertStringIncludes(await Deno.readTextFile(`${sub}/${ODD}.js`), "deno run");
    const schema = await task(here, "schema");
    assertEquals([schema.code, schema.err], [0, ""]);
    for (const place of [folder, checkout, sub]) {
      const names = [...Deno.readDirSync(place)].map(({ name }) => name);
      assert(!names.includes("injected"), place);
    }
  }));

Deno.test("what a user names lies where the task was called from, and results in the checkout", () =>
  inFolder(async (folder) => {
    const checkout = `${folder}/checkout`;
    await copyOfCheckout(checkout);
    const deno = Deno.execPath();
    const run = JSON.stringify(syntheticRun());
    const config = `${checkout}/deno.json`;
    const places: (Place & { results: string })[] = [
      { deno, cwd: checkout, results: "results" },
      { deno, cwd: `${checkout}/a/sub`, results: "../../results" },
      { deno, cwd: `${folder}/elsewhere`, config, results: `${checkout}/results` },
      // A shell that `npm run` or another task has started has the folder of that one in it.
      { deno, cwd: `${checkout}/b`, env: { INIT_CWD: folder }, results: "../results" },
    ];
    for (const { results, ...place } of places) {
      await Deno.mkdir(place.cwd, { recursive: true });
      await Deno.writeTextFile(`${place.cwd}/run.json`, run);
      const calls = [
        ["history", "import", "run.json", "--json", "imported.json"],
        ["history", "export", "--output", "exported.json"],
        ["history", "import", "run.json", "--store", "own.sqlite"],
        ["compare", "./run.json", "run.json", "--markdown", "compared.md"],
        ["report", "--single-file", "--json", "report.json"],
      ];
      const codes: number[] = [];
      for (const words of calls) codes.push((await task(place, ...words)).code);
      assertEquals(codes, [0, 0, 0, 0, 0], place.cwd);
      const made = [...Deno.readDirSync(place.cwd)].map(({ name }) => name);
      const files = ["imported.json", "exported.json", "own.sqlite", "compared.md", "report.json"];
      for (const name of files) assert(made.includes(name), `${place.cwd} has no ${name}`);
      const { written } = JSON.parse(await Deno.readTextFile(`${place.cwd}/report.json`));
      assertEquals(written[0], `${results}/report/index.html`);
    }
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
    assertEquals(names, ["checkout", "elsewhere"]);
    assertEquals(
      [...Deno.readDirSync(`${checkout}/results`)].map(({ name }) => name)
        .filter((name) => !name.startsWith("history.sqlite-")).sort(),
      ["history.sqlite", "report"],
    );
  }));

Deno.test("a calling folder with a comma, which Deno cannot be told of, is named; its code never run", () =>
  inFolder(async (folder) => {
    const config = `${ROOT}/deno.json`;
    const code = "console.log('injected')";
    // A task that puts the folder into a line of a shell would take the rest for options.
    const place = `${folder}/y --allow-env data:text/javascript,${code}`;
    await Deno.mkdir(place, { recursive: true });
    for (const name of ["list", "history", "bench", "check"]) {
      const called = await task({ deno: Deno.execPath(), cwd: place, config }, name);
      assertEquals([called.code, called.out], [2, ""]);
      assertStringIncludes(called.err, place);
      assertMatch(called.err, /^ipc-taxonomy: Cannot run in .* a comma; .*\n$/);
    }
  }, BEYOND));

Deno.test("a calling folder with a comma that needs no naming is as good as another", () =>
  inFolder(async (folder) => {
    const place = `${folder}/y --allow-env data:text/javascript,console.log('injected')`;
    await Deno.mkdir(place, { recursive: true });
    const config = `${ROOT}/deno.json`;
    const { code, out, err } = await task({ deno: Deno.execPath(), cwd: place, config }, "list");
    assertEquals([code, err], [0, ""]);
    assert(!out.includes("injected"));
  }, "/tmp"));

Deno.test("signals to a task's process reach the command, and exit codes come back", async () => {
  const deno = Deno.execPath();
  const place = { deno, cwd: ROOT };
  assertEquals((await task(place, "check", "--baseline", "none.json")).code, 2);
  assertEquals((await task(place, "nonesuch")).code, 1); // the task runner's own
  for (const [signal, expected] of [["SIGTERM", 143], ["SIGINT", 130], ["SIGHUP", 129]] as const) {
    const child = new Deno.Command(deno, {
      args: ["task", "--quiet", "claims", "--json", "-"],
      cwd: ROOT,
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    const output = new Response(child.stdout).text();
    const [command, ...others] = await eventually("experiment", () => {
      const below = childrenOf(child.pid);
      return below.some((each) => participantsOf(each).length > 0) && below;
    });
    assertEquals(others, []);
    Deno.kill(command!, signal);
    const { code } = await child.status;
    assertEquals(code, expected, signal);
    assertEquals(JSON.parse(await output).complete, false);
  }
});
