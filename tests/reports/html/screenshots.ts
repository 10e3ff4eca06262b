/**
 * Takes a picture of every page, wide and narrow, light and dark, so that people can look at them.
 *
 * `deno task screenshots [RUN...]`: of run files, or of synthetic runs where none is given. The pictures
 * go to `results/screenshots/`.
 *
 * @module
 */
import { writeSite } from "../../../reports/html/mod.ts";
import { readRun } from "../../../workloads/runner/run_file.ts";
import { openPage, withBrowser } from "../../browser.ts";
import { syntheticHistory } from "./synthetic_run.ts";

const VIEWS = [
  { name: "wide-light", width: 1440, colours: "light" },
  { name: "wide-dark", width: 1440, colours: "dark" },
  { name: "narrow-light", width: 360, colours: "light" },
] as const;

/** A page taller than this is cut: no screen shows it at once, and the encoder has a limit. */
const TALLEST = 8_000;

if (import.meta.main) {
  const runs = Deno.args.length
    ? await Promise.all(Deno.args.map(readRun))
    : syntheticHistory({ runs: 40, extent: "standard" });
  const folder = "results/screenshots";
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const { files } = await writeSite(runs, `${folder}/site`);
  const pages = files.filter((file) => file.endsWith(".html"));
  await withBrowser(async (browser) => {
    for (const path of pages) {
      for (const { name, width, colours } of VIEWS) {
        const address = new URL(`file://${Deno.cwd()}/${folder}/site/${path}`);
        const { page } = await openPage(browser, address, { width, colours });
        await page.evaluate(`document.dispatchEvent(new Event("ipc-draw-all"))`);
        const tall = await page.evaluate("document.documentElement.scrollHeight") as number;
        await page.setViewportSize({ width, height: Math.min(tall, TALLEST) });
        const picture = `${folder}/${path.replaceAll("/", "-").replace(".html", "")}-${name}.png`;
        await page.screenshot({ path: picture });
        await page.close();
      }
      console.log(path);
    }
  });
  console.log(`${pages.length * VIEWS.length} pictures in ${folder}`);
}
