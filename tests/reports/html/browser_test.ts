/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import type { Browser } from "playwright-core";
import { renderReport } from "../../../reports/html/mod.ts";
import type { MeasuredCell, RunDocument } from "../../../workloads/runner/document.ts";
import { openPage, type View, withBrowser } from "../../browser.ts";
import { drawAll, drawnPixels, openDetails, sideways, violations } from "./page_checks.ts";
import { syntheticRun } from "./synthetic_run.ts";

/** Writes a report, opens it from its file, and closes and removes both whatever happens. */
async function withReport(
  run: RunDocument,
  body: (
    open: (view?: View) => ReturnType<typeof openPage>,
    folder: string,
    browser: Browser,
  ) => Promise<void>,
) {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-report-" });
  try {
    await Deno.writeTextFile(`${folder}/report.html`, renderReport(run));
    await withBrowser((browser) =>
      body((view) => openPage(browser, `file://${folder}/report.html`, view), folder, browser)
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("in a browser, every chart is drawn, nothing is asked for and nothing complains", async () => {
  await withReport(syntheticRun(), async (open) => {
    const { page, errors, requests } = await open();
    await drawAll(page);
    const pixels = await drawnPixels(page);
    assert(Object.keys(pixels).length >= 10);
    for (const [id, drawn] of Object.entries(pixels)) {
      assert(drawn > 3_000, `${id} has ${drawn} drawn pixels`);
    }
    const figures = await page.locator("figure[data-chart]").count();
    assertEquals(Object.keys(pixels).length, figures);
    assertEquals(errors, []);
    assertEquals(requests, []);
  });
});

Deno.test("in a browser, charts wait until they are seen", async () => {
  await withReport(syntheticRun(), async (open) => {
    const { page } = await open();
    const last = page.locator("#workload-round-trip figure").last();
    const blank = (await drawnPixels(page))[(await last.getAttribute("id"))!];
    assertEquals(blank, 0);
    await last.scrollIntoViewIfNeeded();
    await page.locator(`[id="${await last.getAttribute("id")}"][data-drawn]`).waitFor();
    assert((await drawnPixels(page))[(await last.getAttribute("id"))!]! > 3_000);
  });
});

Deno.test("in a browser, the tables hold the run's own figures", async () => {
  const run = syntheticRun();
  const cells = new Map(run.cells.map((cell) => [cell.id, cell]));
  await withReport(run, async (open) => {
    const { page } = await open();
    const rows = await page.evaluate(
      `[...document.querySelectorAll("tr[data-cell]")].map((row) => ({
      id: row.dataset.cell,
      values: [...row.querySelectorAll("data")].map((data) => Number(data.value)),
      texts: [...row.querySelectorAll("data")].map((data) => data.textContent),
      ranked: row.querySelector(".rank") !== null,
    }))`,
    ) as { id: string; values: number[]; texts: string[]; ranked: boolean }[];
    const ranked = rows.filter((row) => row.ranked);
    assert(ranked.length >= 14);
    for (const { id, values, texts } of ranked) {
      const cell = cells.get(id) as MeasuredCell;
      assertEquals(values, [
        cell.estimate,
        ...cell.ci95,
        cell.percentiles!.p99!,
        cell.cost!.cpuNsPerOp,
      ]);
      // The text is the value in the column's unit: its digits are the value's, up to rounding.
      const shown = Number(texts[0]!.replaceAll("\u202f", ""));
      const scale = 10 ** Math.round(Math.log10(cell.estimate / shown));
      assert(Math.abs(shown * scale / cell.estimate - 1) < 0.006, `${id}: ${texts[0]}`);
    }
    const controls = run.cells.filter((cell) => cell.control);
    const told = rows.filter((row) => !row.ranked).map((row) => row.id);
    assertEquals(told.sort(), controls.map((cell) => cell.id).sort());
  });
});

Deno.test("in a browser, hostile text stays text", async () => {
  await withReport(syntheticRun({ hostile: true }), async (open) => {
    const { page, errors, requests } = await open();
    await drawAll(page);
    assertEquals(await page.evaluate("globalThis.broken"), undefined);
    assertEquals(await page.locator("img").count(), 0);
    assert((await page.locator("h1").textContent())!.includes("</script><script>"));
    assertEquals(errors, []);
    assertEquals(requests, []);
  });
});

Deno.test("in a browser, the policy stops scripts and requests that are not the page's own", async () => {
  await withReport(syntheticRun(), async (open, folder) => {
    const path = `${folder}/report.html`;
    const html = await Deno.readTextFile(path);
    await Deno.writeTextFile(
      path,
      html.replace(
        "</main>",
        `<script>globalThis.broken = 1</script>` +
          `<img src="http://127.0.0.1:9/beacon" alt="" onerror="globalThis.broken = 2"></main>`,
      ),
    );
    const { page, errors } = await open();
    assertEquals(await page.evaluate("globalThis.broken"), undefined);
    assert(errors.filter((error) => error.includes("Content Security Policy")).length >= 2);
  });
});

for (const colours of ["light", "dark"] as const) {
  Deno.test(`in a browser, axe finds nothing to object to in ${colours} colours`, async () => {
    await withReport(syntheticRun({ hostile: true }), async (open) => {
      const { page } = await open({ colours });
      await drawAll(page);
      await openDetails(page);
      assertEquals(await violations(page), []);
    });
  });
}

for (const width of [360, 1440]) {
  Deno.test(`in a browser, the page does not scroll sideways at ${width} px`, async () => {
    await withReport(syntheticRun({ hostile: true }), async (open) => {
      const { page } = await open({ width });
      await drawAll(page);
      await openDetails(page);
      assertEquals(await sideways(page), 0);
    });
  });
}

Deno.test("in a browser, the colours follow the system until its reader chooses, and charts follow", async () => {
  await withReport(syntheticRun(), async (open) => {
    const { page } = await open({ colours: "dark" });
    const paper = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
    const dark = await paper();
    const chart = page.locator("figure canvas").first();
    await chart.scrollIntoViewIfNeeded();
    const image = () => chart.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    await page.locator("figure[data-drawn=dark]").first().waitFor();
    const before = await image();
    await page.locator("[data-theme-choice=light]").click();
    const light = await paper();
    assert(light !== dark);
    assert(await image() !== before);
    await page.reload();
    assertEquals(await paper(), light);
    await page.locator("[data-theme-choice=system]").click();
    assertEquals(await paper(), dark);
  });
});

Deno.test("in a browser, the legend and the scale switch work by keyboard", async () => {
  await withReport(syntheticRun(), async (open) => {
    const { page } = await open();
    await drawAll(page);
    const figure = page.locator("figure.chart-curve").first();
    const image = () =>
      figure.locator("canvas").evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const first = await image();
    const item = figure.locator(".legend button").first();
    await item.focus();
    await page.keyboard.press("Enter");
    assertEquals(await item.getAttribute("aria-pressed"), "false");
    const without = await image();
    assert(without !== first);
    await page.keyboard.press("Enter");
    assertEquals(await image(), first);
    const linear = figure.getByRole("button", { name: "Linear" });
    await linear.focus();
    await page.keyboard.press("Space");
    assertEquals(await linear.getAttribute("aria-pressed"), "true");
    assert(await image() !== first);
  });
});

for (const options of [{ hostile: true }, { extent: "standard" }] as const) {
  Deno.test(`in a browser, the run document can be downloaded whole: ${JSON.stringify(options)}`, async () => {
    const run = syntheticRun(options);
    await withReport(run, async (open) => {
      const { page } = await open();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator("[data-download=run]").click(),
      ]);
      assertEquals(download.suggestedFilename(), `${run.id}.json`);
      const path = await download.path();
      assertEquals(JSON.parse(await Deno.readTextFile(path)), run);
    });
  });
}

Deno.test("without scripts, the tables can be read and no empty chart is shown", async () => {
  await withReport(syntheticRun(), async (open) => {
    const { page } = await open({ script: false });
    assert(await page.locator("table.ranking").first().isVisible());
    assertEquals(await page.locator("canvas:visible").count(), 0);
    assertEquals(await page.locator("button:visible").count(), 0);
    const details = page.locator("figure > details").first();
    await details.locator("summary").click();
    assert(await details.locator("table").isVisible());
  });
});

Deno.test("on paper, all charts are drawn and the switches are gone", async () => {
  await withReport(syntheticRun(), async (open) => {
    const { page } = await open({ colours: "dark" });
    await page.evaluate(`dispatchEvent(new Event("beforeprint"))`);
    await page.emulateMedia({ media: "print" });
    for (const [id, drawn] of Object.entries(await drawnPixels(page))) assert(drawn > 3_000, id);
    assertEquals(
      await page.evaluate("getComputedStyle(document.body).backgroundColor"),
      "rgb(255, 255, 255)",
    );
    assertEquals(await page.locator(".bar:visible").count(), 0);
  });
});
