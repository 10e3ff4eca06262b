/** Every text of every document that comes from outside, hostile, in every medium. @module */
import { assert, assertEquals } from "@std/assert";
import { stripAnsiCode } from "@std/fmt/colors";
import { describe } from "../../cli/doctor.ts";
import { LEAVES } from "../../facilities/taxonomy.ts";
import { advise } from "../../reports/advise/answer.ts";
import { basisOf } from "../../reports/advise/basis.ts";
import { declarations } from "../../reports/advise/declare.ts";
import { requirementsOf } from "../../reports/advise/requirements.ts";
import { answerText } from "../../reports/advise/text.ts";
import type { CheckDocument } from "../../reports/check/document.ts";
import { githubAnnotations } from "../../reports/check/github.ts";
import { checkJunit } from "../../reports/check/junit.ts";
import { checkMarkdown } from "../../reports/check/markdown.ts";
import { runCheck } from "../../reports/check/run_check.ts";
import { checkText } from "../../reports/check/text.ts";
import { claimsText } from "../../reports/claims_text.ts";
import { compareRuns } from "../../reports/compare/compare.ts";
import { comparisonText } from "../../reports/compare/words.ts";
import { EXPORTERS, type ExportFormat, loadExporter } from "../../reports/exports/catalogue.ts";
import { fidelityTable } from "../../reports/fidelity.ts";
import { readFleet } from "../../reports/fleet/fleet.ts";
import { fleetRunOf } from "../../reports/fleet/fleet_run.ts";
import { fleetText } from "../../reports/fleet/words.ts";
import { renderReport, writeSite } from "../../reports/html/mod.ts";
import { rankingTables } from "../../reports/terminal.ts";
import { loadWorkload, WORKLOADS } from "../../workloads/catalogue.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { printable } from "../../workloads/runner/foreign_text.ts";
import { parseRun } from "../../workloads/runner/run_file.ts";
import { assertHarmless, assertInert, assertNoCommand, TEXTS, withHostile } from "../hostile.ts";
import { hostileFidelity, hostileRun } from "../hostile_runs.ts";
import { parseCsv } from "./exports/csv_parser.ts";
import { parseOpenMetrics, parsePrometheus } from "./exports/openmetrics_parser.ts";
import { breachesOf } from "./check/junit_rules.ts";
import { parseXml } from "./check/xml_parser.ts";

// A site describes facilities and workloads; what they open stays open longer than a test.
await Promise.all([...LEAVES.map((leaf) => leaf.load()), ...WORKLOADS.map(loadWorkload)]);

const facilities = await declarations();
/** A baseline and candidates that are slower, of two kernels. */
function runsOf(text: (path: string) => string, known: boolean): RunDocument[] {
  return [1, 1, 3].map((factor, index) => {
    const run = hostileRun({
      ...{ id: `hostile-${index}`, text, known, factor },
      startedAt: `2026-01-0${index + 1}T00:00:00.000Z`,
      kernel: index < 2 ? undefined : `newer ${text("kernel")}`,
    });
    return { ...run, host: { ...run.host, hostname: `${index} ${run.host.hostname}` } };
  });
}

async function checked(runs: readonly RunDocument[]): Promise<CheckDocument> {
  const [before, again, candidate] = runs as [RunDocument, RunDocument, RunDocument];
  const document = await runCheck({
    baselineName: candidate.label,
    baseline: [before, again],
    candidate: { ...candidate, host: { ...candidate.host, machineKey: before.host.machineKey } },
    threshold: 0.1,
    again: null,
    disturbance: null,
  });
  assert(document);
  return document;
}

/** Fields of an answer whose words are code. */
const ANSWER_WORDS = /\.(pattern|workload|needs\.\d+|rule|unit|better|verdict|participants)$/;

/** Fields of a check whose words are code. */
const CHECK_WORDS =
  /\.(schema|verdict|kind|unit|better|status|confirmation|of|control|startedAt|candidate\.id)$/;

for (const [kind, text] of Object.entries(TEXTS)) {
  for (const known of [false, true]) {
    const named = `${kind}, ${known ? "in the rows of rankings" : "in all fields"}`;
    const runs = runsOf(text, known);
    const newest = runs[2]!;

    Deno.test(`hostile text in terminals: ${named}`, () => {
      const fleet = readFleet(runs.map(fleetRunOf), "kernel");
      const question = requirementsOf({ pattern: "request-reply", needs: [] });
      const answer = advise(question, facilities, basisOf(newest));
      const texts = {
        bench: rankingTables(newest, 100),
        narrow: rankingTables(newest, 20),
        claims: claimsText(newest.claims, 40),
        advise: answerText(answer, "x", 60),
        "advise, in every field": answerText(withHostile(answer, text, ANSWER_WORDS), "x", 60),
        compare: comparisonText(compareRuns(runs), { all: true, markdown: false }),
        fleet: fleetText(fleet, { all: true, markdown: false }),
        fidelity: fidelityTable(hostileFidelity(text)),
      };
      for (const [name, shown] of Object.entries(texts)) {
        assertTerminal(shown, name);
      }
    });

    Deno.test(`hostile text in a check's media: ${named}`, async () => {
      const document = await checked(runs);
      for (const each of [document, withHostile(document, text, CHECK_WORDS)]) {
        assertTerminal(checkText(each), "check");
        assertMarkdown(checkMarkdown(each), "check --markdown");
        const junit = checkJunit(each);
        assertHarmless(junit, "check --junit");
        assertEquals(breachesOf(parseXml(junit)), []);
        const annotations = githubAnnotations(each);
        assert(annotations.length > 0);
        for (const line of annotations) {
          assertHarmless(line, "annotation");
          assert(/^::(error|notice|warning) title=[^:,\n]*::[^\n]*$/.test(line), line);
        }
      }
    });

    Deno.test(`hostile text in exports: ${named}`, async () => {
      for (const format of Object.keys(EXPORTERS) as ExportFormat[]) {
        if (format === "github-bigger") continue;
        const exported = (await loadExporter(format)).render(newest);
        // JSON is data: it keeps the length of texts.
        if (format === "json") assertInert(exported, format);
        else assertHarmless(exported.replaceAll("\r\n", "\n"), format);
        assertNoCommand(exported, format);
        PARSERS[format]?.(exported, newest);
      }
    });

    Deno.test(`hostile text in pages: ${named}`, async () => {
      const page = renderReport(newest, { title: newest.label! });
      assertPage(page, "report --single-file");
      const folder = await Deno.makeTempDir({ prefix: "hostile-text-" });
      try {
        const { files } = await writeSite(runs, folder, {
          title: newest.label!,
          claims: newest.claims,
          fidelity: hostileFidelity(text),
        });
        for (const file of files.filter((each) => !each.startsWith("assets/"))) {
          const content = await Deno.readTextFile(`${folder}/${file}`);
          if (file.endsWith(".html")) assertPage(content, file);
          else assertInert(content.replaceAll("\r\n", "\n"), file);
        }
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    });
  }

  Deno.test(`hostile text of a diagnosis: ${kind}`, () => {
    const findings = (["disturbs", "note", "ok"] as const).map((severity) => ({
      ...{ id: text("id"), severity, what: text("what") },
      ...{ meaning: text("meaning"), remedy: text("remedy") },
    }));
    const host = runsOf(text, false)[0]!.host;
    const diagnosis = {
      schema: "ipc-taxonomy/doctor/1",
      verdict: "disturbed",
      findings,
      facts: { host },
    };
    assertTerminal(describe(diagnosis as unknown as Parameters<typeof describe>[0]), "doctor");
  });
}

/** Each format read by the rules of those who take it. */
const PARSERS: { readonly [F in ExportFormat]?: (text: string, run: RunDocument) => void } = {
  json: (text, run) => assertEquals(parseRun(text, "export"), run),
  markdown: (text) => assertMarkdown(text, "markdown"),
  csv(text) {
    const [header, ...rows] = parseCsv(text);
    for (const row of rows) {
      assertEquals(row.length, header!.length);
      for (const field of row) assert(!/^[=+@\t\r]/.test(field), field);
    }
  },
  openmetrics: (text) => void parseOpenMetrics(text),
  prometheus: (text) => void parsePrometheus(text),
  bencher: (text) => void JSON.parse(text),
  "github-smaller"(text) {
    for (const { name } of JSON.parse(text)) assert(!/[`|\n]/.test(name), name);
  },
};

/** Tables keep their columns, and nothing of a text becomes markup. */
function assertMarkdown(text: string, medium: string): void {
  assertHarmless(text, medium);
  assertNoCommand(text, medium);
  assert(!/<(img|script|\/script)/.test(text), text);
  const bars = (line: string) => line.replaceAll(/\\./g, "").split("|").length;
  for (const table of text.split("\n\n").filter((part) => part.startsWith("|"))) {
    assertEquals(new Set(table.trim().split("\n").map(bars)).size, 1, table);
  }
}

/** Colours are our own; that they are all that acts is what `printable` is for. */
function assertTerminal(text: string, medium: string): void {
  assertHarmless(stripAnsiCode(printable(text)), medium);
  assertNoCommand(printable(text), medium);
}

/** Style and script are our own, and the data of the page are no text of it. */
function assertPage(page: string, medium: string): void {
  const text = page.replace(/<style>.*?<\/style>/s, "").replace(/<script>.*?<\/script>/gs, "");
  assertInert(text, medium);
  assert(!/<img/.test(text), medium);
  const body = text.replace(/<script type="application\/json".*?<\/script>/gs, "");
  assert(!/A{5000}/.test(body), `${medium} shows a text of any length`);
}
