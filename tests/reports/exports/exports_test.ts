import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { EXPORTERS, type ExportFormat, loadExporter } from "../../../reports/exports/catalogue.ts";
import type { MeasuredCell, RunDocument } from "../../../workloads/runner/document.ts";
import { NotComparableError } from "../../../workloads/runner/errors.ts";
import { oneLine } from "../../../workloads/runner/foreign_text.ts";
import { parseRun } from "../../../workloads/runner/run_file.ts";
import { sampleRun } from "../../workloads/runner/sample_run.ts";
import { parseCsv } from "./csv_parser.ts";
import { parseOpenMetrics, parsePrometheus } from "./openmetrics_parser.ts";

const HOSTILE = `=cmd|'/c calc'!A1, "x" \\ | <b>*_[y](z)\n#`;

/** Times and rates, a control row, a cell without a figure, and text from outside. */
function run(): RunDocument {
  const sample = sampleRun({ id: "run-1" });
  const [first] = sample.cells as [MeasuredCell];
  const rate: MeasuredCell = {
    ...first,
    id: "throughput/pipe/64/same-cpu/process/2",
    workload: "throughput",
    unit: "bytes/s",
    better: "higher",
    estimate: 2e9,
    ci95: [1.9e9, 2.1e9],
  };
  const control: MeasuredCell = {
    ...first,
    id: "null-syscall/control/same-cpu/process/1",
    facility: "control",
    workload: "null-syscall",
    control: true,
    sizeBytes: undefined,
  };
  const foreign: MeasuredCell = {
    ...first,
    id: `round-trip/${HOSTILE}/1`,
    facility: HOSTILE,
    warnings: [{ code: "other", text: HOSTILE }],
  };
  return {
    ...sample,
    label: HOSTILE,
    host: { ...sample.host, hostname: HOSTILE },
    cells: [...sample.cells, rate, control, foreign],
  };
}

async function render(format: ExportFormat): Promise<string> {
  return (await loadExporter(format)).render(run());
}

const measured = run().cells.filter((cell) => cell.status === "measured");

Deno.test("every format is loaded by its name", async () => {
  for (const format of Object.keys(EXPORTERS) as ExportFormat[]) {
    const exporter = await loadExporter(format);
    assertEquals(exporter.id, format);
    assertMatch(exporter.extension, /^[a-z]+$/);
    assert((await render(format)).endsWith("\n"), format);
  }
});

Deno.test("json is the run document again", async () => {
  assertEquals(parseRun(await render("json"), "export"), JSON.parse(JSON.stringify(run())));
});

/** The shape that both custom tools check in github-action-benchmark's src/extract.ts. */
for (
  const [format, better] of [["github-smaller", "lower"], ["github-bigger", "higher"]] as const
) {
  Deno.test(`${format} is an array of name, unit, value, range and extra`, async () => {
    const entries = JSON.parse(await render(format));
    const own = measured.filter((cell) => cell.better === better);
    assert(Array.isArray(entries) && own.length > 0);
    // The action puts a name between backticks into a cell of a table.
    const inTable = (id: string) => oneLine(id).replaceAll("|", "\\u007c");
    assertEquals(entries.map(({ name, unit, value }) => [name, unit, value]), [
      ...own.map(({ id, unit, estimate }) => [inTable(id), unit, estimate]),
    ]);
    for (const entry of entries) {
      assertEquals(Object.keys(entry), ["name", "unit", "value", "range", "extra"]);
      assertEquals([typeof entry.value, typeof entry.range, typeof entry.extra], [
        "number",
        "string",
        "string",
      ]);
    }
  });
}

Deno.test("what has no figure of a kind is refused with what has one, for an empty list fails", async () => {
  const rates = run().cells.filter(({ better }) => better === "higher");
  const times = run().cells.filter(({ better }) => better === "lower");
  const rows = [
    ["github-bigger", times, "has no rates.*--format github-smaller$"],
    ["github-smaller", rates, "has no times.*--format github-bigger$"],
    ["github-smaller", [], "has no times[^;]*$"],
    ["bencher", [], "has no figure"],
  ] as const;
  for (const [format, cells, message] of rows) {
    const { render } = await loadExporter(format);
    const error = assertThrows(() => render({ ...run(), cells: [...cells] }), NotComparableError);
    assertMatch(error.message, new RegExp(message));
  }
});

/** The published schema, https://bencher.dev/docs/reference/bencher-metric-format/, in words. */
Deno.test("bencher has measures of value, lower_value and upper_value", async () => {
  const benchmarks: Record<string, Record<string, Record<string, unknown>>> = JSON.parse(
    await render("bencher"),
  );
  assertEquals(Object.keys(benchmarks), measured.map(({ id }) => oneLine(id)));
  for (const [name, measures] of Object.entries(benchmarks)) {
    assert(name.length > 0 && name.length <= 1024);
    for (const [measure, metric] of Object.entries(measures)) {
      assertMatch(measure, /^[a-z][a-z-]{0,63}$/);
      assertEquals(Object.keys(metric), ["value", "lower_value", "upper_value"]);
      for (const value of Object.values(metric)) assertEquals(typeof value, "number");
    }
  }
  assertEquals(benchmarks["throughput/pipe/64/same-cpu/process/2"], {
    "bytes-per-second": { value: 2e9, lower_value: 1.9e9, upper_value: 2.1e9 },
  });
});

Deno.test("csv has a line of equal length for each cell, with quotes where RFC 4180 asks", async () => {
  const [header, ...lines] = parseCsv(await render("csv"));
  assertEquals(lines.length, run().cells.length);
  for (const line of lines) assertEquals(line.length, header!.length);
  const at = (line: string[], name: string) => line[header!.indexOf(name)];
  assertEquals(lines.map((line) => at(line, "cell")), run().cells.map(({ id }) => oneLine(id)));
  const foreign = lines.find((line) => at(line, "facility")!.includes("calc"))!;
  // What would be a formula is text, and what would be a second line stands in the first.
  assertEquals(at(foreign, "facility"), `'${oneLine(HOSTILE)}`);
  const lacking = lines.find((line) => at(line, "status") === "not-applicable")!;
  assertEquals(at(lacking, "estimate"), "");
  assertStringIncludes(at(lacking, "reason")!, "msgsize_max");
});

Deno.test("openmetrics keeps the grammar of the specification", async () => {
  const families = parseOpenMetrics(await render("openmetrics"));
  const seconds = families.get("ipc_taxonomy_estimate_seconds")!;
  assertEquals(seconds.type, "gauge");
  const times = measured.filter(({ unit }) => unit === "ns");
  assertEquals(seconds.samples.map(({ labels }) => labels.cell), times.map(({ id }) => id));
  assertEquals(seconds.samples[0]!.value, times[0]!.estimate * 1e-9);
  assertEquals(seconds.samples[0]!.timestamp, Date.parse(run().startedAt) / 1000);
  assertEquals(seconds.samples.at(-1)!.labels.facility, HOSTILE);
  assertEquals(families.get("ipc_taxonomy_low_bytes_per_second")!.samples[0]!.value, 1.9e9);
  assertEquals(families.get("ipc_taxonomy_run")!.samples[0]!.labels.hostname, HOSTILE);
  for (const [name, { samples }] of families) {
    for (const { labels } of samples) assertEquals(labels.hostname, HOSTILE, name);
  }
  assert(!families.has("ipc_taxonomy_estimate_messages_per_second"), "an empty family is left out");
});

Deno.test("every sample of openmetrics has a timestamp, as backfilling wants it", async () => {
  const families = parseOpenMetrics(await render("openmetrics"));
  const at = Date.parse(run().startedAt) / 1000;
  for (const [name, { samples }] of families) {
    for (const { timestamp } of samples) assertEquals(timestamp, at, name);
  }
});

Deno.test("prometheus has the series of openmetrics, as gauges and without timestamps", async () => {
  const text = await render("prometheus");
  const families = parsePrometheus(text);
  const start = "ipc_taxonomy_run_start_timestamp_seconds";
  assertEquals(families.get(start)!.samples[0]!.value, Date.parse(run().startedAt) / 1000);
  families.delete(start);
  const scraped = [...families].flatMap(([name, { samples }]) =>
    samples.map(({ labels, value }) => [name, labels, value])
  );
  const backfilled = [...parseOpenMetrics(await render("openmetrics"))].flatMap((
    [name, { type, samples }],
  ) =>
    samples.map(({ labels, value }) => [type === "info" ? `${name}_info` : name, labels, value])
  );
  assertEquals(scraped, backfilled);
  assert(families.has("ipc_taxonomy_percentile_seconds"));
});

Deno.test("the parser of Prometheus' text refuses what its consumers refuse", () => {
  const broken = [
    "# TYPE a info\na 1\n",
    "# TYPE a gauge\n# UNIT a x\na 1\n",
    "# TYPE a gauge\na 1 1.5\n",
    '# TYPE a gauge\na{quantile="0.5"} 1\n',
    "# TYPE a gauge\na 1\n# EOF\n",
  ];
  for (const text of broken) assertThrows(() => parsePrometheus(text), SyntaxError);
});

Deno.test("the parser of the grammar refuses what breaks it", () => {
  const broken = [
    "# TYPE a gauge\na 1\n",
    "# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na 2\n# EOF\n",
    "# TYPE a_ms gauge\n# UNIT a_ms seconds\na_ms 1\n# EOF\n",
    '# TYPE a gauge\na{x="1",x="2"} 1\n# EOF\n',
    '# TYPE a gauge\na{x="1"} 1\na{x="1"} 1\n# EOF\n',
    '# TYPE a gauge\na{x="\n"} 1\n# EOF\n',
    "# TYPE a info\na 1\n# EOF\n",
    "# TYPE a gauge\na one\n# EOF\n",
  ];
  for (const text of broken) {
    let thrown = false;
    try {
      parseOpenMetrics(text);
    } catch {
      thrown = true;
    }
    assert(thrown, text);
  }
});

Deno.test("markdown has a table for each workload, and foreign text shows as it is", async () => {
  const text = await render("markdown");
  assertMatch(text, /^# IPC on Sample CPU: /);
  for (const heading of ["Round trip", "Throughput", "Control rows"]) {
    assertStringIncludes(text, `\n## ${heading}\n`);
  }
  assert(!text.includes("<b>"), text);
  const bars = (line: string) => line.replaceAll("\\|", "").split("|").length;
  const lines = text.split("\n").filter((line) => line.startsWith("|"));
  assertEquals(lines.length, 3 * 2 + measured.length);
  assertEquals(new Set(lines.map(bars)).size, 1, text);
});
