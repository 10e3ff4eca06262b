// @gate both alone

import { assert } from "@std/assert";
import fc from "fast-check";
import { command } from "../cli/command.ts";
import { changed } from "./documents.ts";
import { ANY_INPUT, assertOrderly, namesIn, SEED } from "./property.ts";
import { fullRun } from "./runs.ts";
import { HOSTILE_TEXTS } from "./values.ts";

/** Commands on what is in a folder, each in a process of its own, and the codes they may end with. */
type Case = readonly [words: readonly string[], codes: readonly number[]];

// After `--` there is nothing wrong.
const texts = HOSTILE_TEXTS.filter((text) =>
  !text.includes("\0") && text.length < 1_000 && text !== "--"
);
const [document, baseline] = fc.sample(changed(fullRun("mutated-run"), 2), {
  seed: SEED,
  numRuns: 2,
});

const CASES: readonly Case[] = [
  ...texts.filter((_, index) => index % 5 === SEED % 5).map((text): Case => [["bench", text], [2]]),
  [["bench", "--facility", "./broken.js"], [2]],
  [["claims", "--facility", "./broken.js"], [2]],
  [["bench", "--size", "\x1b[31m"], [2]],
  [["compare", "./run.json", "./baseline.json"], ANY_INPUT],
  [
    ["check", "--candidate", "./run.json", "--baseline", "./baseline.json", "--no-confirm"],
    ANY_INPUT,
  ],
  [["report", "./run.json", "--single-file", "--report", "report"], ANY_INPUT],
  [["history", "list", "--store", "./broken.js"], [2]],
  [["history", "import", "./run.json", "--store", "history.sqlite"], ANY_INPUT],
];

Deno.test("fuzz: real processes end as they do in the cases", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-fuzz-" });
  const home = Deno.cwd();
  try {
    await Deno.writeTextFile(`${folder}/broken.js`, "export const facility = { id: 1n };");
    await Deno.writeTextFile(`${folder}/run.json`, document!);
    await Deno.writeTextFile(`${folder}/baseline.json`, baseline!);
    Deno.chdir(folder);
    for (const [words, codes] of CASES) {
      assertOrderly(await command(...words), codes, words.join(" "));
    }
    const left = namesIn(folder).filter((name) =>
      !/^(broken\.js|run\.json|baseline\.json|report|history\.sqlite(-wal|-shm)?)$/.test(name)
    );
    assert(left.length === 0, `left behind: ${left}`);
  } finally {
    Deno.chdir(home);
    await Deno.remove(folder, { recursive: true });
  }
});
