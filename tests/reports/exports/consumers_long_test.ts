// @gate long
/**
 * Exports, given to the programs that they are for: Prometheus' promtool, node_exporter's textfile
 * collector and the Pushgateway, as Debian has them.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { type ExportFormat, loadExporter } from "../../../reports/exports/catalogue.ts";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { testWithPackage } from "../../debian.ts";
import { TEXTS } from "../../hostile.ts";
import { hostileRun } from "../../hostile_runs.ts";
import { syntheticRun } from "../html/synthetic_run.ts";
import { type Family, parseOpenMetrics, parsePrometheus } from "./openmetrics_parser.ts";

const PROMTOOL = { program: "promtool", packages: ["prometheus"] };
const NODE_EXPORTER = {
  program: "prometheus-node-exporter",
  packages: ["prometheus-node-exporter"],
};
const PUSHGATEWAY = { program: "prometheus-pushgateway", packages: ["prometheus-pushgateway"] };

/** One as it is measured, and one for each way of text to be hostile. */
const RUNS: readonly RunDocument[] = [
  syntheticRun({ extent: "standard" }),
  syntheticRun({ hostile: true }),
  ...Object.entries(TEXTS).map(([kind, text]) => hostileRun({ id: kind, text, known: true })),
];

const render = async (format: ExportFormat, run: RunDocument) =>
  (await loadExporter(format)).render(run);

interface Ended {
  readonly success: boolean;
  readonly out: string;
  readonly err: string;
}

async function promtool(args: readonly string[], input = ""): Promise<Ended> {
  const child = new Deno.Command("promtool", {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  // It may end before it has read all that it refuses.
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout, stderr } = await child.output();
  const [out, err] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { success, out: out!, err: err! };
}

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-consumers-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const samplesOf = (families: ReadonlyMap<string, Family>) =>
  [...families.values()].reduce((sum, { samples }) => sum + samples.length, 0);

await testWithPackage(
  PROMTOOL,
  "promtool backfills every sample of openmetrics",
  () =>
    inFolder(async (folder) => {
      for (const run of RUNS) {
        const text = await render("openmetrics", run);
        const file = `${folder}/${run.id}.txt`;
        await Deno.writeTextFile(file, text);
        const blocks = `${folder}/${run.id}`;
        const made = await promtool(["tsdb", "create-blocks-from", "openmetrics", file, blocks]);
        assert(made.success, `${run.id}: ${made.err}`);
        const [, samples] = /\d+ms +(\d+) /.exec(made.out) ?? [];
        assertEquals(Number(samples), samplesOf(parseOpenMetrics(text)), made.out);
      }
      // Without the timestamp of one sample it refuses all of them: the rule that this is about.
      const text = (await render("openmetrics", RUNS[0]!)).replace(/(_info\{.*\} 1) \S+\n/, "$1\n");
      await Deno.writeTextFile(`${folder}/lacking.txt`, text);
      const refused = await promtool(
        ["tsdb", "create-blocks-from", "openmetrics", `${folder}/lacking.txt`, `${folder}/lacking`],
      );
      assert(!refused.success);
      assertStringIncludes(refused.err, "expected timestamp");
    }),
);

await testWithPackage(PROMTOOL, "promtool finds nothing to object to in prometheus", async () => {
  for (const run of RUNS) {
    const { success, out, err } = await promtool(
      ["check", "metrics"],
      await render("prometheus", run),
    );
    assertEquals([success, out, err], [true, "", ""], run.id);
  }
  const refused = await promtool(["check", "metrics"], await render("openmetrics", RUNS[0]!));
  assert(!refused.success, "that it refuses openmetrics is what prometheus is for");
});

/** Starts a server of metrics, and ends it when the body is through. */
async function withServer(
  program: string,
  args: (address: string) => readonly string[],
  body: (url: string) => Promise<void>,
): Promise<void> {
  const address = freeAddress();
  const child = new Deno.Command(program, {
    args: [...args(address)],
    stdout: "null",
    stderr: "null",
  }).spawn();
  try {
    await answering(`http://${address}/metrics`);
    await body(`http://${address}`);
  } finally {
    child.kill("SIGTERM");
    await child.status;
  }
}

function freeAddress(): string {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return `127.0.0.1:${listener.addr.port}`;
}

async function answering(url: string): Promise<void> {
  const deadline = AbortSignal.timeout(60_000);
  for (;;) {
    try {
      await (await fetch(url, { signal: deadline })).body?.cancel();
      return;
    } catch (error) {
      if (deadline.aborted) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** How many of our samples a server shows. */
async function shown(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split("\n").filter((line) => line.startsWith("ipc_taxonomy_")).length;
}

await testWithPackage(
  NODE_EXPORTER,
  "node_exporter's textfile collector takes prometheus",
  () =>
    inFolder((folder) =>
      withServer(
        NODE_EXPORTER.program,
        (address) => [
          "--collector.disable-defaults",
          "--collector.textfile",
          `--collector.textfile.directory=${folder}`,
          `--web.listen-address=${address}`,
        ],
        async (url) => {
          for (const run of RUNS) {
            const text = await render("prometheus", run);
            await Deno.writeTextFile(`${folder}/ipc.prom`, text);
            assertEquals(await shown(url), samplesOf(parsePrometheus(text)), run.id);
          }
          await Deno.writeTextFile(`${folder}/ipc.prom`, await render("openmetrics", RUNS[0]!));
          assertEquals(await shown(url), 0, "openmetrics is refused whole");
        },
      )
    ),
);

await testWithPackage(PUSHGATEWAY, "the Pushgateway takes prometheus", () =>
  withServer(
    PUSHGATEWAY.program,
    (address) => [`--web.listen-address=${address}`],
    async (url) => {
      const push = async (body: string) => {
        const answer = await fetch(`${url}/metrics/job/ipc`, { method: "PUT", body });
        return [answer.status, await answer.text()] as const;
      };
      for (const run of RUNS) {
        const text = await render("prometheus", run);
        assertEquals(await push(text), [200, ""], run.id);
        assertEquals(await shown(url), samplesOf(parsePrometheus(text)), run.id);
      }
      const [status] = await push(await render("openmetrics", RUNS[0]!));
      assertEquals(status, 400, "openmetrics is refused");
    },
  ));
