/// <reference lib="dom" />
import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Page } from "playwright-core";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { advise } from "../../../reports/advise/answer.ts";
import { basisOf } from "../../../reports/advise/basis.ts";
import { declarations } from "../../../reports/advise/declare.ts";
import { type Asked, PATTERN_IDS, requirementsOf } from "../../../reports/advise/requirements.ts";
import { writeSite } from "../../../reports/html/mod.ts";
import { loadWorkload, WORKLOADS } from "../../../workloads/catalogue.ts";
import type { RunDocument } from "../../../workloads/runner/document.ts";
import { openPage, type View, withBrowser } from "../../browser.ts";
import { admittedRun } from "../advise/admitted_run.ts";
import { citedClaims } from "../advise/cited.ts";
import { NOTHING } from "../advise/situations.ts";
import { sideways, violations } from "./page_checks.ts";

await Promise.all([...LEAVES.map((leaf) => leaf.load()), ...WORKLOADS.map(loadWorkload)]);

/** A run that has figures of every pattern, between processes and between threads. */
async function everyPattern(): Promise<RunDocument> {
  const claims = (await citedClaims()).map((pair) => {
    const [id, facility] = pair.split(" ") as [string, string];
    return { id, statement: id, facility, verdict: "holds" as const, expected: "", observed: "" };
  });
  const facilities = await declarations();
  const cells = PATTERN_IDS.flatMap((pattern) =>
    [[], ["threads"] as const].flatMap((needs) => {
      const question = requirementsOf({ pattern, needs });
      const { unmeasured } = advise(question, facilities, NOTHING);
      return admittedRun(question, unmeasured).cells;
    })
  );
  return { ...admittedRun(requirementsOf(), []), cells, claims };
}

/** Writes a site and opens its page, at an address's query if there is one. */
async function withPage(
  body: (open: (query?: string, view?: View) => ReturnType<typeof openPage>) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-site-" });
  try {
    await writeSite([await everyPattern()], folder);
    await withBrowser((browser) =>
      body(async (query = "", view) => {
        const opened = await openPage(browser, `file://${folder}/advise.html${query}`, view);
        const stray = opened.requests.filter((url) => !url.startsWith(`file://${folder}/`));
        return { ...opened, requests: stray };
      })
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const queryOf = (page: Page) => new URL(page.url()).search;
const ids = (page: Page, table: string): Promise<(string | null)[]> =>
  page.locator(`table.${table} tbody tr`).evaluateAll((rows) =>
    rows.map((row) => row.getAttribute("data-facility"))
  );

/** The page shows what the same code answers elsewhere. */
async function assertAnswers(page: Page, asked: Asked): Promise<void> {
  const run = await everyPattern();
  const facilities = await declarations(run.host.limits);
  const { ranked, unmeasured, excluded } = advise(requirementsOf(asked), facilities, basisOf(run));
  const all = (each: readonly { facility: string }[]) => each.map(({ facility }) => facility);
  assertEquals(await ids(page, "advice"), all(ranked));
  assertEquals(await ids(page, "without-figure"), all(unmeasured));
  assertEquals(await ids(page, "left-out"), all(excluded));
}

Deno.test("requirements change the answer and the address, and the way back leads back", () =>
  withPage(async (open) => {
    const { page, errors, requests } = await open();
    await assertAnswers(page, {});
    assertEquals(queryOf(page), "");
    const unrelated = page.getByRole("switch", { name: /without a common ancestor/ });
    // By keyboard, as a switch is.
    await unrelated.focus();
    await page.keyboard.press("Space");
    assertEquals(queryOf(page), "?need=unrelated");
    await assertAnswers(page, { needs: ["unrelated"] });
    const pipe = page.locator("table.left-out tr[data-facility=pipe]");
    assertMatch(await pipe.innerText(), /it has no name .*identifier holds/s);

    await page.getByLabel("Pattern").selectOption("wake-up");
    await page.getByLabel("At least, a second").fill("150000");
    await page.keyboard.press("Enter");
    assertEquals(queryOf(page), "?pattern=wake-up&rate=150000&need=unrelated");
    const asked = { pattern: "wake-up", needs: ["unrelated"], perSecond: 150_000 } as const;
    await assertAnswers(page, asked);
    assertMatch(await page.locator("table.left-out").innerText(), /less than 150\sk\/s/);
    assertMatch(await page.locator("code").last().innerText(), /--pattern wake-up --unrelated/);

    await page.goBack();
    await page.goBack();
    assertEquals(queryOf(page), "?need=unrelated");
    await assertAnswers(page, { needs: ["unrelated"] });
    assertEquals(await page.getByLabel("Pattern").inputValue(), "");
    assertEquals(await page.getByLabel("At least, a second").inputValue(), "");
    assert(await unrelated.isChecked());
    await page.getByRole("button", { name: "Reset" }).click();
    assertEquals(queryOf(page), "");
    assert(!await unrelated.isChecked());
    await assertAnswers(page, {});
    assertEquals([errors, requests], [[], []]);
  }));

Deno.test("an address asks, a contradiction is told, and without scripts there is a table", () =>
  withPage(async (open) => {
    const { page } = await open("?pattern=work-queue&need=pollable&need=boundaries&need=nonsense");
    await assertAnswers(page, { pattern: "work-queue", needs: ["boundaries", "pollable"] });
    assertEquals(await page.getByRole("switch", { checked: true }).count(), 2);
    const odd = await open("?need=threads&need=unrelated");
    assertMatch(
      await odd.page.getByRole("status").innerText(),
      /^threads and unrelated exclude each other/,
    );
    assertEquals(await odd.page.locator("table").count(), 0);
    const plain = await open("?need=pollable", { script: false });
    await assertAnswers(plain.page, {});
    assert(!await plain.page.locator("form").isVisible());
    assert(await plain.page.locator("table.advice").isVisible());
  }));

for (const colours of ["light", "dark"] as const) {
  Deno.test(`the advice page, ${colours}: accessible, and no wider than its screen`, () =>
    withPage(async (open) => {
      for (
        const query of ["", "?need=pollable&rate=150000&cpu=12", "?need=threads&need=unrelated"]
      ) {
        const { page, errors } = await open(query, { colours });
        assertEquals(await violations(page), [], query);
        for (const width of [1440, 360]) {
          await page.setViewportSize({ width, height: 900 });
          assertEquals(await sideways(page), 0, `${query} at ${width} px`);
        }
        assertEquals(errors, []);
        await page.close();
      }
    }));
}
