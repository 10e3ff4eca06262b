// @gate both alone

import { assert } from "@std/assert";
import fc from "fast-check";
import { compareRuns } from "../../reports/compare/compare.ts";
import { comparisonText } from "../../reports/compare/words.ts";
import { EXPORTERS, type ExportFormat, loadExporter } from "../../reports/exports/catalogue.ts";
import { rankingTables } from "../../reports/terminal.ts";
import type { RunDocument } from "../../workloads/runner/document.ts";
import { InputError, NotComparableError } from "../../workloads/runner/errors.ts";
import { parseRun, serialiseRun } from "../../workloads/runner/run_file.ts";
import { changed, damaged } from "./documents.ts";
import { fuzz, namesIn, orderly } from "./property.ts";
import { fullRun } from "./runs.ts";
import { watched } from "./watchdog.ts";

const reference = fullRun("reference-run");
const exporters = await Promise.all(
  Object.keys(EXPORTERS).map((format) => loadExporter(format as ExportFormat)),
);

const documents = fc.oneof(
  { weight: 4, arbitrary: changed(fullRun("mutated-run", 2)) },
  {
    weight: 1,
    arbitrary: damaged(fullRun("mutated-run", 2)).map((bytes) => new TextDecoder().decode(bytes)),
  },
);

/** The run, or null where it is refused in one line. */
function read(text: string): RunDocument | null {
  try {
    return parseRun(text, "run.json");
  } catch (error) {
    assert(error instanceof InputError, `not refused as input: ${error}`);
    // deno-lint-ignore no-control-regex
    assert(!/[\x00-\x1f]/.test(error.message) && error.message.length < 500, error.message);
    return null;
  }
}

/** Takes that nothing is there to be compared or exported. */
function comparable(attempt: () => void): void {
  try {
    attempt();
  } catch (error) {
    if (!(error instanceof NotComparableError)) throw error;
  }
}

/** Does with a run what commands do. */
function use(run: RunDocument): void {
  serialiseRun(run);
  rankingTables(run, 100);
  for (const exporter of exporters) comparable(() => exporter.render(run));
  // One way round is enough for each: there are many.
  const pair = run.cells.length % 2 === 0 ? [reference, run] : [run, reference];
  comparable(() =>
    comparisonText(compareRuns(pair), { all: true, markdown: run.warnings.length === 0 })
  );
}

fuzz(
  "a changed run document is read and used, or refused",
  "runDocuments",
  documents,
  (text) =>
    watched(text, () => {
      const run = read(text);
      if (run !== null) use(run);
    }),
);

const commands = fc.constantFrom<readonly string[]>(
  ["report", "RUN", "--single-file", "--report", "FOLDER/report"],
  ["report", "RUN", "--report", "FOLDER/report"],
  ["history", "import", "RUN", "--store", "FOLDER/history.sqlite"],
  ["history", "export", "RUN", "--format", "csv", "--output", "FOLDER/out.csv"],
  ["history", "export", "RUN", "--format", "openmetrics"],
  ["compare", "RUN", "OTHER", "--json", "FOLDER/compare.json", "--markdown", "FOLDER/c.md"],
  ["compare", "OTHER", "RUN", "--all"],
  ["check", "--baseline", "OTHER", "--candidate", "RUN", "--no-confirm", "--junit", "FOLDER/j"],
  ["report", "OTHER", "--claims", "RUN", "--report", "FOLDER/report"],
  ["report", "OTHER", "--fidelity", "RUN", "--report", "FOLDER/report"],
);

fuzz(
  "commands on a changed run document end in order",
  "commandsOnDocuments",
  fc.tuple(documents, commands),
  async ([text, words], folder) => {
    const place = await Deno.makeTempDir({ dir: folder });
    try {
      await Deno.writeTextFile(`${place}/run.json`, text);
      await Deno.writeTextFile(`${place}/other.json`, serialiseRun(reference));
      const args = words.map((word) =>
        word.replace("FOLDER", place).replace("RUN", `${place}/run.json`)
          .replace("OTHER", `${place}/other.json`)
      );
      const { code } = await orderly(args);
      const left = namesIn(place).filter((name) => !["run.json", "other.json"].includes(name));
      assert(left.every((name) => !name.includes(".part")), `left behind: ${left}`);
      // A history may be made before its first run is refused; nothing else may be.
      const refused = code === 2 && !left.every((name) => name.startsWith("history.sqlite"));
      assert(!refused, `refused, and yet there is ${left}`);
    } finally {
      await Deno.remove(place, { recursive: true });
    }
  },
);
