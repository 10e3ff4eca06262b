/// <reference lib="dom" />
import { assert, assertEquals } from "@std/assert";
import type { Browser, Page } from "playwright-core";
import { safeParse } from "valibot";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { compareRuns } from "../../../reports/compare/compare.ts";
import { checksOf } from "../../../reports/expected.ts";
import { kneesOf } from "../../../reports/knee.ts";
import { times } from "../../../reports/html/model/format.ts";
import { serveSite, type SiteOptions, writeSite } from "../../../reports/html/mod.ts";
import { loadWorkload, WORKLOADS } from "../../../workloads/catalogue.ts";
import type {
  ClaimVerdict,
  MeasuredCell,
  RunDocument,
} from "../../../workloads/runner/document.ts";
import { FidelitySchema } from "../../../workloads/runner/fidelity_document.ts";
import { openPage, type View, withBrowser } from "../../browser.ts";
import { drawAll, drawnPixels, openDetails, picture, sideways, violations } from "./page_checks.ts";
import { syntheticFidelity } from "./synthetic_fidelity.ts";
import { HOSTILE, syntheticHistory, syntheticRun } from "./synthetic_run.ts";

// A site describes facilities and workloads; loaded here, since what they open stays open longer than a test.
await Promise.all([...LEAVES.map((leaf) => leaf.load()), ...WORKLOADS.map(loadWorkload)]);

interface Opened {
  folder: string;
  files: string[];
  open: (path: string, view?: View) => ReturnType<typeof openPage>;
  browser: Browser;
}

/** Writes a site, hands it over with a browser, and removes both whatever happens. */
async function withSite(
  runs: Iterable<RunDocument>,
  body: (site: Opened) => Promise<void>,
  options: SiteOptions = {},
) {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-site-" });
  try {
    const { files } = await writeSite(runs, folder, options);
    await withBrowser((browser) =>
      body({
        folder,
        files,
        browser,
        open: async (path, view) => {
          const opened = await openPage(browser, `file://${folder}/${path}`, view);
          // A page in a folder also asks for what lies beside that folder.
          const stray = opened.requests.filter((url) => !url.startsWith(`file://${folder}/`));
          return { ...opened, requests: stray };
        },
      })
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const pagesOf = (files: string[]) => files.filter((file) => file.endsWith(".html"));

function hostileHistory(): RunDocument[] {
  return [0, 1, 2].map((day) => syntheticRun({ hostile: true, seed: day + 1, day }));
}

for (const colours of ["light", "dark"] as const) {
  Deno.test(`every page of a site, ${colours}: drawn, quiet, accessible, narrow and wide`, async () => {
    await withSite(hostileHistory(), async ({ files, open }) => {
      const paths = pagesOf(files);
      assert(paths.length >= 19, paths.join(" "));
      for (const path of paths) {
        const { page, errors, requests } = await open(path, { colours });
        await drawAll(page);
        for (const [id, drawn] of Object.entries(await drawnPixels(page))) {
          assert(drawn > 2_000, `${path}: ${id} has ${drawn} drawn pixels`);
        }
        await openDetails(page);
        assertEquals(await violations(page), [], path);
        for (const width of [1440, 360]) {
          await page.setViewportSize({ width, height: 900 });
          assertEquals(await sideways(page), 0, `${path} at ${width} px`);
        }
        assertEquals(await page.evaluate("globalThis.broken"), undefined, path);
        const policy = page.locator("meta[http-equiv=Content-Security-Policy]");
        assert((await policy.getAttribute("content"))!.startsWith("default-src 'none'; "), path);
        assertEquals(await page.locator("img").count(), 0, path);
        assertEquals([errors, requests], [[], []], path);
        await page.close();
      }
    }, { fidelity: syntheticFidelity({ hostile: true }) });
  });
}

Deno.test("a site holds together: every link leads to a file, nothing leads away", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-site-" });
  try {
    const { files } = await writeSite(syntheticHistory({ runs: 3 }), folder);
    for (const path of pagesOf(files)) {
      const html = await Deno.readTextFile(`${folder}/${path}`);
      const here = new URL(`file:///${path}`);
      const addresses = [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)].map((match) => match[1]!);
      assert(addresses.length > 5);
      for (const address of addresses) {
        if (address.startsWith("data:")) continue;
        const target = new URL(address.replaceAll("&amp;", "&"), here);
        assertEquals(target.protocol, "file:", address);
        const file = decodeURIComponent(target.pathname.slice(1));
        assert(files.includes(file), `${path} leads to ${address}, which is not there`);
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("writing a site twice into one folder leaves one site, and no part files", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-site-" });
  try {
    const first = await writeSite([syntheticRun()], folder);
    const second = await writeSite([syntheticRun()], folder);
    assertEquals(first, second);
    const names = [...Deno.readDirSync(folder)].map(({ name }) => name);
    assertEquals(names.filter((name) => !/^[a-z]+(\.html)?$/.test(name)), []);
    // What a site had and the next one has not is gone; what is somebody else's stays.
    await Deno.writeTextFile(`${folder}/facilities/mine.txt`, "mine");
    const fewer = syntheticRun();
    fewer.cells = fewer.cells.filter((cell) => cell.facility !== "memfd");
    const { files } = await writeSite([fewer], folder);
    assert(!files.includes("facilities/memfd.html"));
    const left = [...Deno.readDirSync(`${folder}/facilities`)].map(({ name }) => name);
    assert(!left.includes("memfd.html") && left.includes("pipe.html") && left.includes("mine.txt"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("the overview of a full standard run is at most 600 KB in total", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-site-" });
  try {
    const { files } = await writeSite([syntheticRun({ extent: "standard" })], folder);
    const parts = files.filter((file) => file === "index.html" || file.startsWith("assets/"));
    assertEquals(parts.length, 3);
    let total = 0;
    for (const part of parts) total += (await Deno.stat(`${folder}/${part}`)).size;
    assert(total <= 600_000, `${total} bytes`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

/** The first column and the figures of the first ranking on a page. */
function ranking(page: Page): Promise<{ title: string; names: string[]; times: string[] }> {
  return page.evaluate(`(() => {
    const table = document.querySelector("table.ranking");
    const rows = [...table.querySelectorAll("tbody tr")];
    return {
      title: document.querySelector(".table-title").textContent,
      names: rows.map((row) => row.querySelector("th").textContent),
      times: rows.map((row) => row.lastElementChild.textContent),
    };
  })()`);
}

const searchOf = (page: Page) => page.evaluate("location.search") as Promise<string>;

Deno.test("a choice changes the page and its address, and the back button takes it back", async () => {
  await withSite([syntheticRun({ extent: "standard" })], async ({ open }) => {
    const { page, errors } = await open("index.html");
    const usual = await ranking(page);
    assert(usual.title.includes("on one CPU, 64\u00a0B"), usual.title);
    assertEquals(await searchOf(page), "");

    await page.locator("select[name=placement]").selectOption("cross-socket");
    assertEquals(await searchOf(page), "?placement=cross-socket");
    assert((await ranking(page)).title.includes("across two sockets"));

    await page.locator("select[name=size]").selectOption("4096");
    assertEquals(await searchOf(page), "?placement=cross-socket&size=4096");
    assert((await ranking(page)).title.includes("4\u00a0KiB"));

    await page.locator("select[name=participants]").selectOption("thread");
    assert((await ranking(page)).title.includes("between threads"));

    await page.goBack();
    await page.goBack();
    assert((await ranking(page)).title.includes("across two sockets, 64"));
    assertEquals(await page.locator("select[name=size]").inputValue(), "");
    await page.goBack();
    assertEquals(await ranking(page), usual);
    assertEquals(await searchOf(page), "");
    await page.goForward();
    assertEquals(await page.locator("select[name=placement]").inputValue(), "cross-socket");
    await page.getByRole("button", { name: "Reset" }).click();
    assertEquals(await searchOf(page), "");
    assertEquals(await ranking(page), usual);
    assertEquals(errors, []);
  });
});

Deno.test("a link shows another reader the same", async () => {
  await withSite([syntheticRun({ extent: "standard" })], async ({ open }) => {
    const { page } = await open(
      "index.html?placement=same-cache&size=1024&baseline=pipe&hide=fifo&hide=memfd",
    );
    const { title, names, times } = await ranking(page);
    assert(title.includes("share a cache, 1\u00a0KiB"), title);
    assert(!names.includes("FIFO") && !names.some((name) => name.startsWith("memfd")));
    assertEquals(times[names.indexOf("Pipe")], "1.00\u00a0×");
    assert(await page.getByRole("columnheader", { name: "Against Pipe" }).first().isVisible());
    assertEquals(await page.locator("input[value=fifo]").isChecked(), false);
    assertEquals(await page.locator("input[value=pipe]").isChecked(), true);
    const { page: odd, errors } = await open(
      `index.html?placement=nowhere&size=-3&baseline=${encodeURIComponent(HOSTILE)}&hide=&linear=x`,
    );
    assert((await ranking(odd)).title.includes("on one CPU, 64"));
    assertEquals(errors, []);
  });
});

Deno.test("the table after a choice holds the run's figures for that choice", async () => {
  const run = syntheticRun({ extent: "standard" });
  await withSite([run], async ({ open }) => {
    const { page } = await open("workloads/round-trip.html?placement=cross-socket&size=256");
    const shown = await page.evaluate(`[...document.querySelectorAll("table.ranking")[0]
      .querySelectorAll("tbody tr")].map((row) => [
        row.querySelector("th").textContent, Number(row.querySelector("data").value)])`) as [
      string,
      number,
    ][];
    const pipe = run.cells.find((cell) =>
      cell.id === "round-trip/pipe/256/cross-socket/process/2/awake"
    ) as MeasuredCell;
    const figure = shown.find(([name]) => name === "Pipe")![1];
    assert(Math.abs(figure / pipe.estimate - 1) < 1e-5);
  });
});

Deno.test("legend, facility boxes and scale switch choose by keyboard alone", async () => {
  await withSite([syntheticRun({ extent: "standard" })], async ({ open }) => {
    const { page, errors } = await open("workloads/round-trip.html");
    await drawAll(page);
    const first = await picture(page, "#size-round-trip");
    const pipe = page.locator("#size-round-trip .legend button[data-key=pipe]");
    await pipe.focus();
    await page.keyboard.press("Enter");
    assertEquals(await searchOf(page), "?hide=pipe");
    assertEquals(await pipe.getAttribute("aria-pressed"), "false");
    assert(!(await ranking(page)).names.includes("Pipe"));
    assert(await picture(page, "#size-round-trip") !== first);
    // The focus stays where it was, or the keyboard would be lost.
    assertEquals(await page.evaluate("document.activeElement.dataset.key"), "pipe");
    await page.keyboard.press("Enter");
    assertEquals(await searchOf(page), "");
    assertEquals(await picture(page, "#size-round-trip"), first);

    await page.locator("#size-round-trip .legend details summary").focus();
    await page.keyboard.press("Enter");
    const spare = page.locator("#size-round-trip .legend details button").first();
    const key = await spare.getAttribute("data-key");
    await spare.focus();
    await page.keyboard.press("Space");
    assertEquals(new URLSearchParams(await searchOf(page)).get("show"), key);

    await page.locator(".filter-facilities summary").focus();
    await page.keyboard.press("Enter");
    await page.locator("input[name=facility][value=tcp]").focus();
    await page.keyboard.press("Space");
    assert((await searchOf(page)).includes("hide=tcp"));
    assert(!(await ranking(page)).names.includes("TCP socket"));

    const before = await picture(page, "#cost-round-trip");
    const linear = page.locator("#cost-round-trip [data-action=linear]");
    await linear.focus();
    await page.keyboard.press("Enter");
    assert((await searchOf(page)).includes("linear=cost"));
    assertEquals(await linear.getAttribute("aria-pressed"), "true");
    assert(await picture(page, "#cost-round-trip") !== before);
    assertEquals(errors, []);
  });
});

Deno.test("trials are drawn as boxes or as violins, and the address says which", async () => {
  await withSite([syntheticRun()], async ({ open }) => {
    const { page, errors } = await open("workloads/round-trip.html");
    await drawAll(page);
    const trials = page.locator("#trials-round-trip");
    const boxes = await picture(page, "#trials-round-trip");
    await trials.getByRole("button", { name: "Violins" }).focus();
    await page.keyboard.press("Enter");
    assertEquals(await searchOf(page), "?trials=violin");
    const violins = await picture(page, "#trials-round-trip");
    assert(violins !== boxes);
    const { page: linked } = await open("workloads/round-trip.html?trials=violin");
    await drawAll(linked);
    assertEquals(await picture(linked, "#trials-round-trip"), violins);
    await trials.getByRole("button", { name: "Boxes" }).click();
    assertEquals(await searchOf(page), "");
    assertEquals(await picture(page, "#trials-round-trip"), boxes);
    assertEquals(errors, []);
  });
});

Deno.test("a chart can be taken away as PNG, its figures as CSV", async () => {
  const run = syntheticRun();
  await withSite([run], async ({ open, folder }) => {
    const { page, errors } = await open("workloads/round-trip.html");
    const take = async (figure: string, action: string) => {
      await page.locator(figure).scrollIntoViewIfNeeded();
      await page.locator(`${figure}[data-drawn]`).waitFor();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.locator(`${figure} [data-action=${action}]`).click(),
      ]);
      const path = `${folder}/${download.suggestedFilename()}`;
      await download.saveAs(path);
      return path;
    };
    const png = await Deno.readFile(await take("#size-round-trip", "png"));
    assertEquals([...png.slice(1, 4)], [...new TextEncoder().encode("PNG")]);
    assert(png.length > 20_000);

    const csv = await Deno.readTextFile(await take("#size-round-trip", "csv"));
    const lines = csv.trim().split("\r\n").map((line) => line.split(","));
    assertEquals(lines[0], [
      "series",
      "facility",
      "message size [bytes]",
      "round trip [ns]",
      "round trip [ns] low",
      "round trip [ns] high",
    ]);
    const pipe = run.cells.find((cell) =>
      cell.id === "round-trip/pipe/64/same-cpu/process/2/awake"
    ) as MeasuredCell;
    const line = lines.find((line) => line[1] === "pipe" && line[2] === "64")!;
    assert(Math.abs(Number(line[3]) / pipe.estimate - 1) < 1e-5);

    const tail = await Deno.readTextFile(await take("#tail-round-trip", "csv"));
    assert(tail.includes("share of operations"));
    const boxes = await Deno.readTextFile(await take("#trials-round-trip", "csv"));
    const series = boxes.split("\r\n").filter((line) => line.startsWith("Pipe,"));
    assertEquals(series.length, pipe.trials.length);
    assertEquals(errors, []);
  });
});

Deno.test("the data page hands out the run document and its cells as CSV", async () => {
  const run = syntheticRun({ hostile: true });
  await withSite([run], async ({ open, folder }) => {
    const { page } = await open("data.html");
    const hrefs = await page.locator("main a[download]").evaluateAll((links) =>
      links.map((link) => link.getAttribute("href"))
    );
    assertEquals(hrefs, [`data/${run.id}.json`, `data/${run.id}.csv`]);
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/${hrefs[0]}`)), run);
    const csv = await Deno.readTextFile(`${folder}/${hrefs[1]}`);
    assertEquals(csv.trimEnd().split("\r\n").length, run.cells.length + 1);
  });
});

Deno.test("what could not be measured is said once, with all its sizes and facilities", async () => {
  await withSite([syntheticRun({ extent: "standard" })], async ({ open }) => {
    const { page } = await open("host.html");
    const rows = await page.getByLabel("Cells that cannot exist here").locator("tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent!)));
    const plain = (text: string) => text.replaceAll("\u00a0", " ");
    const spinning = rows.filter(([why]) => why!.startsWith("a spinning peer"));
    assertEquals(spinning.length, 1);
    assert(spinning[0]![1]!.includes("memfd") && spinning[0]![1]!.includes("POSIX shared memory"));
    const queue = rows.filter(([why]) => why!.includes("msgsize_max")).map(([why]) => plain(why!));
    assertEquals(queue, [
      "16 KiB, 64 KiB, 256 KiB and 1 MiB are more than this host's limit of 8192 " +
      "(/proc/sys/fs/mqueue/msgsize_max)",
    ]);
  });
});

Deno.test("compare shows what deno task compare finds, noise only when asked, and other runs", async () => {
  const runs = [
    syntheticRun({ seed: 1 }),
    syntheticRun({ seed: 2, day: 1 }),
    syntheticRun({ seed: 3, day: 2, slower: { facility: "pipe", factor: 1.5 }, kernel: "7.0.1" }),
  ];
  const significant = (from: number, to: number) =>
    compareRuns([runs[from]!, runs[to]!]).comparisons[0]!.cells.filter((cell) => cell.significant);
  const all = compareRuns(runs.slice(1)).comparisons[0]!.cells.length;
  await withSite(runs, async ({ open }) => {
    const { page, errors } = await open("compare.html");
    const rows = () => page.locator("table.differences tbody tr").count();
    const changes = () => page.locator("table.differences td.strong").allTextContents();
    const found = significant(1, 2);
    assert(found.length >= 10);
    assertEquals(await rows(), found.length);
    assertEquals(
      await changes(),
      found.map(({ ratio }) => ratio >= 1 ? `${times(ratio)} worse` : `${times(1 / ratio)} better`),
    );
    const names = await page.locator("table.differences tbody th").allTextContents();
    assert(names.filter((name) => name.startsWith("Pipe")).length >= 10);
    const text = await page.locator(".differs").allTextContents();
    assert(text.some((line) => line.includes("6.18.5") && line.includes("7.0.1")), text.join());
    await page.getByLabel("Also what is within the noise").check();
    assertEquals(await searchOf(page), "?all=1");
    assertEquals(await rows(), all);
    await page.getByLabel("Also what is within the noise").uncheck();

    await page.locator("select[name=from]").selectOption(runs[2]!.id);
    await page.locator("select[name=to]").selectOption(runs[1]!.id);
    assertEquals(await rows(), found.length);
    assert((await changes()).filter((change) => change.endsWith("better")).length >= 10);

    await page.locator("select[name=to]").selectOption("every");
    const either = new Set([...significant(0, 2), ...significant(1, 2)].map(({ id }) => id));
    assertEquals(await rows(), either.size);
    assertEquals(await page.locator("table.differences thead th").count(), 5);

    await page.locator("select[name=to]").selectOption(runs[1]!.id);
    await page.locator("select[name=from]").selectOption(runs[0]!.id);
    assertEquals(await rows() || null, significant(0, 1).length || null);
    assertEquals(errors, []);
  });
});

Deno.test("checks say what the run shows as it should, and where the curves bend", async () => {
  const run = syntheticRun({ extent: "standard", slower: { facility: "fifo", factor: 3 } });
  await withSite([run], async ({ open }) => {
    const { page } = await open("index.html");
    await page.getByRole("link", { name: /^0 of 1 check is as expected/ }).click();
    await page.locator("tr[data-check]").first().waitFor();
    const verdicts = await page.locator("tr[data-check]").evaluateAll((rows) =>
      rows.map((row) => [(row as HTMLElement).dataset.check, row.children[1]!.textContent!.trim()])
    );
    assertEquals(
      verdicts.map(([id, words]) => [id, words!.slice(2)]),
      checksOf(run).map(({ id, verdict }) => [id, verdict]),
    );
    assertEquals(verdicts.find(([id]) => id === "pipe-and-fifo")![1], "✗ unexpected");
    const shown = await page.locator("table.knees").first().locator("tbody tr").evaluateAll((
      rows,
    ) => rows.map((row) => row.querySelector("data")?.value));
    const knees = kneesOf(run).filter(({ placement, participants }) =>
      placement === "same-cpu" && participants === "process"
    );
    assertEquals(
      shown.sort(),
      knees.map(({ knee }) => knee ? String(knee.sizeBytes) : undefined).sort(),
    );
    const { page: curves } = await open("workloads/round-trip.html");
    await openDetails(curves);
    const table = curves.locator("#size-round-trip table");
    assertEquals(await table.locator("thead th").last().textContent(), "Knee");
    const pipe = await table.locator("tbody tr").filter({ hasText: /^Pipe/ }).locator("data").last()
      .evaluate((data) => (data as HTMLDataElement).value);
    assertEquals(
      Number(pipe),
      knees.find(({ facility }) => facility === "pipe")!.knee!.sizeBytes,
    );
  });
});

Deno.test("fidelity shows each cell's ratio, what missed its goal, and what failed", async () => {
  const fidelity = syntheticFidelity();
  assert(safeParse(FidelitySchema, fidelity).success);
  await withSite([syntheticRun()], async ({ open, files, folder }) => {
    assert(files.includes("fidelity.html"));
    const { page } = await open("fidelity.html");
    const ratios = await page.locator("table.fidelity tbody tr").evaluateAll((rows) =>
      rows.map((row) => Number(row.querySelector("data")!.value))
    );
    const measured = fidelity.cells.flatMap((cell) => cell.status === "measured" ? [cell] : []);
    assertEquals(ratios, measured.map((cell) => cell.ratio));
    assertEquals(await page.locator("td.bad").count(), 1);
    assert((await page.locator("#said").textContent())!.includes("failed; it ended early"));
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/data/fidelity.json`)), fidelity);
  }, { fidelity });
});

Deno.test("claims show properties, pairs and evidence of experiments made apart", async () => {
  const about = (id: string, facility: string, value: string): ClaimVerdict => ({
    id,
    statement: `What the ${id} is.`,
    section: "43.2",
    facility,
    verdict: "holds",
    expected: value,
    observed: `it is ${value}`,
    value,
  });
  const claims = [
    about("identifier", "sysv-message-queue", "key"),
    about("identifier", "posix-message-queue", "posix-name"),
    about("pollable", "sysv-message-queue", "no"),
    about("pollable", "posix-message-queue", "yes"),
  ];
  await withSite([syntheticRun({ extent: "standard" })], async ({ open }) => {
    const { page } = await open("claims.html");
    const lines = await page.locator("table.properties tbody tr").allTextContents();
    assertEquals(
      lines,
      ["POSIX message queueposix nameyes", "System V message queuekeyno"].sort(
        (a, b) => lines.indexOf(a) - lines.indexOf(b),
      ),
    );
    const pair = (await page.locator("table.pair").first().textContent())!;
    assert(pair.includes("Round trip") && pair.includes("posix name") && pair.includes("key"));
    await page.locator(".leaf-claims summary").first().click();
    assert(
      await page.getByText("it is key").last().isVisible() ||
        await page.getByText("it is posix-name").last().isVisible(),
    );
  }, { claims });
});

Deno.test("a claim that could not be tried stands apart from those that fail, with its reason", async () => {
  const reason = "mq_open failed: ENOSYS; use a kernel that has the call";
  const claims = ["sysv-message-queue", "posix-message-queue"].map((facility): ClaimVerdict => ({
    id: "pollable",
    statement: "Whether poll works.",
    facility,
    ...(facility.startsWith("posix")
      ? { verdict: "unknown", expected: "-", observed: "not tried", reason }
      : { verdict: "holds", expected: "-", observed: "-", value: "no" }),
  }));
  await withSite([syntheticRun({ extent: "standard" })], async ({ open }) => {
    const { page } = await open("claims.html");
    const said = (await page.locator(".verdict-text").first().textContent())!;
    assert(said.includes("1 hold, 0 fail, 1 are unknown and 0 do not apply"), said);
    assertEquals(await page.locator("#failing").count(), 0);
    const row = page.locator("#unknown table.claims tbody tr");
    assertEquals(await row.count(), 1);
    assert((await row.textContent())!.includes(`? Unknown-not tried${reason}`));
    assertEquals(await page.locator("table.properties .verdict-unknown").textContent(), "unknown");
    assert((await page.locator("table.pair").first().textContent())!.includes(`? ${reason}`));
    assertEquals(await page.locator(".claim-matrix .verdict-unknown").count(), 1);
  }, { claims });
});

Deno.test("history shows the steps it found, and what else changed there", async () => {
  await withSite(syntheticHistory({ runs: 40 }), async ({ open }) => {
    const { page, errors } = await open("history.html");
    await drawAll(page);
    const steps = await page.locator("main .view table").last().locator("tbody tr")
      .allTextContents();
    assertEquals(steps.length, 1, steps.join("\n"));
    assert(steps[0]!.includes("Pipe") && steps[0]!.includes("kernel 6.18.5 → 6.19.1"), steps[0]);
    assert(steps[0]!.includes("worse"));
    await page.locator("select[name=workload]").selectOption("contended-lock");
    assertEquals(await searchOf(page), "?workload=contended-lock");
    assert(await page.locator("#trend-contended-lock[data-drawn]").isVisible());
    assertEquals(errors, []);
  });
});

Deno.test("a site can be read without scripts, and from below any path of a server", async () => {
  await withSite(syntheticHistory({ runs: 3 }), async ({ folder, open, browser }) => {
    const { page } = await open("workloads/round-trip.html", { script: false });
    assert(await page.locator("table.ranking").first().isVisible());
    assertEquals(await page.locator("canvas:visible, form:visible, button:visible").count(), 0);

    const parent = await Deno.makeTempDir({ prefix: "ipc-taxonomy-parent-" });
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<string>();
    await Deno.mkdir(`${parent}/some/path`, { recursive: true });
    await Deno.rename(folder, `${parent}/some/path/site`);
    const server = serveSite(parent, { port: 0, signal: stop.signal, listening: resolve });
    try {
      const url = await promise;
      const { page, errors, requests } = await openPage(browser, `${url}some/path/site/`);
      await page.getByRole("link", { name: "Facilities" }).click();
      await page.locator(".tree a").first().click();
      await page.locator("figure").first().scrollIntoViewIfNeeded();
      await page.locator("figure[data-drawn]").first().waitFor();
      assertEquals(errors, []);
      assertEquals(requests.filter((request) => !request.startsWith(url)), []);
    } finally {
      stop.abort();
      await server.finished;
      await Deno.rename(`${parent}/some/path/site`, folder);
      await Deno.remove(parent, { recursive: true });
    }
  });
});
