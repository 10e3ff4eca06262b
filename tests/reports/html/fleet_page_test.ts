/// <reference lib="dom" />
import { assertEquals, assertMatch } from "@std/assert";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { writeSite } from "../../../reports/html/mod.ts";
import { loadWorkload, WORKLOADS } from "../../../workloads/catalogue.ts";
import { openPage, withBrowser } from "../../browser.ts";
import { fleetDocuments, ODD } from "../fleet/fleet_documents.ts";
import { sideways, violations } from "./page_checks.ts";
import { HOSTILE } from "./synthetic_run.ts";

// A site describes facilities and workloads; loaded here, since what they open stays open longer than a test.
await Promise.all([...LEAVES.map((leaf) => leaf.load()), ...WORKLOADS.map(loadWorkload)]);

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-site-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const colours of ["light", "dark"] as const) {
  Deno.test(`the fleet page, ${colours}: accessible, narrow and wide, whatever hosts are called`, () =>
    withFolder(async (folder) => {
      await writeSite(fleetDocuments({ host: HOSTILE, instance: HOSTILE }), folder);
      await withBrowser(async (browser) => {
        const { page, errors } = await openPage(browser, `file://${folder}/fleet.html`, {
          colours,
        });
        assertEquals(await violations(page), []);
        for (const width of [1440, 360]) {
          await page.setViewportSize({ width, height: 900 });
          assertEquals(await sideways(page), 0, `${width} px`);
        }
        assertEquals(await page.evaluate("globalThis.broken"), undefined);
        assertEquals(await page.locator("img").count(), 0);
        assertEquals(errors, []);
      });
    }));
}

Deno.test("without scripts the fleet page names the odd host and tells the kernels apart", () =>
  withFolder(async (folder) => {
    await writeSite(fleetDocuments(), folder);
    await withBrowser(async (browser) => {
      const { page } = await openPage(browser, `file://${folder}/fleet.html`, { script: false });
      const odd = await page.locator("#outliers tbody th").allTextContents();
      assertEquals([...new Set(odd)], [`node-${ODD}`]);
      const groups = await page.locator("#by-kernel table").first().locator("tbody tr")
        .allTextContents();
      assertEquals(groups.length, 2);
      assertMatch(groups[1]!, /^Linux 6\.18\.0824.*1\.\d+ × faster/);
      assertEquals(await page.locator("#hosts tbody tr").count(), 16);
      assertEquals(await page.locator("#hosts tbody tr", { hasText: "yes" }).count(), 1);
      // One instance type, runtime and processor: there is nothing to compare by these.
      assertEquals(await page.locator("#by-instance, #by-runtime, #by-cpu").count(), 0);
    });
  }));

Deno.test("a site of one host has no fleet page", () =>
  withFolder(async (folder) => {
    const one = fleetDocuments().filter(({ host }) => host.hostname === "node-1");
    const { files } = await writeSite(one, folder);
    assertEquals(files.includes("fleet.html"), false);
  }));
