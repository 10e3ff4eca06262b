/**
 * Prints how long pages take to make and to open, and how large they are.
 *
 * `deno task page-timings [RUN]`: of a run file, or of a synthetic run as large as a full `standard`
 * one, and of a history of 1,000 runs. The figures are this machine's; nothing here passes or fails.
 * On a busy machine the CPU time, of all threads, is nearer to what a quiet one would need.
 *
 * @module
 */
import { cpuUsage } from "node:process";
import { renderReport, writeSite } from "../../../reports/html/mod.ts";
import { readRun } from "../../../workloads/runner/run_file.ts";
import { openPage, withBrowser } from "../../browser.ts";
import { hourlyRuns, syntheticRun } from "./synthetic_run.ts";

async function timed<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  const before = cpuUsage();
  const start = performance.now();
  const result = await work();
  const wall = performance.now() - start;
  const { user, system } = cpuUsage(before);
  console.log(
    `${wall.toFixed(0).padStart(7)} ms  ${what} (CPU ${((user + system) / 1_000).toFixed(0)} ms)`,
  );
  return result;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-timings-" });
  try {
    const standard = Deno.args[0]
      ? await readRun(Deno.args[0])
      : syntheticRun({ extent: "standard" });
    await timed("one page of a small run", () => renderReport(syntheticRun()));
    await timed("one page of a standard run", () => renderReport(standard));
    await timed("site of a small run", () => writeSite([syntheticRun()], `${folder}/small`));
    const { files } = await timed(
      "site of a standard run",
      () => writeSite([standard], `${folder}/standard`),
    );
    await timed(
      "site of 1,000 small runs",
      () => writeSite(hourlyRuns(1_000), `${folder}/history`),
    );
    let total = 0;
    for (const file of files) {
      if (file !== "index.html" && !file.startsWith("assets/")) continue;
      total += (await Deno.stat(`${folder}/standard/${file}`)).size;
    }
    console.log(
      `${(total / 1_000).toFixed(0).padStart(7)} KB  overview of a standard run, in total`,
    );
    await withBrowser(async (browser) => {
      for (const path of ["standard/index.html", "history/history.html"]) {
        const start = performance.now();
        const { page } = await openPage(browser, `file://${folder}/${path}`);
        await page.locator("figure").first().scrollIntoViewIfNeeded();
        await page.locator("figure[data-drawn]").first().waitFor();
        const chart = performance.now() - start;
        const paint = await page.evaluate(
          `performance.getEntriesByName("first-contentful-paint")[0].startTime`,
        ) as number;
        console.log(`${paint.toFixed(0).padStart(7)} ms  ${path}: first paint`);
        console.log(
          `${chart.toFixed(0).padStart(7)} ms  ${path}: first chart, from the very start`,
        );
        await page.close();
      }
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
