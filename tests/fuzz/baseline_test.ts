// @gate both alone

import { assert } from "@std/assert";
import fc from "fast-check";
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import { changed, damaged } from "./documents.ts";
import { fuzz, namesIn, orderly } from "./property.ts";
import { fullRun } from "./runs.ts";

const baseline = fullRun("baseline-run", 3);
const candidate = serialiseRun(fullRun("candidate-run", 4));

const baselines = fc.oneof(
  {
    weight: 4,
    arbitrary: changed(baseline, 2).map((text) => new TextEncoder().encode(text)),
  },
  { weight: 1, arbitrary: damaged(baseline) },
);

fuzz(
  "a check against a changed baseline ends in order",
  "baselines",
  baselines,
  async (bytes, folder) => {
    const [given, other, json] = ["baseline", "candidate", "check"]
      .map((name) => `${folder}/${name}.json`) as [string, string, string];
    await Deno.writeFile(given, bytes);
    await Deno.writeTextFile(other, candidate);
    await Deno.remove(json).catch(() => {});
    const { code } = await orderly(
      ["check", "--baseline", given, "--candidate", other, "--no-confirm", "--json", json],
    );
    const written = namesIn(folder).includes("check.json");
    if (written) JSON.parse(await Deno.readTextFile(json));
    assert(written ? code !== 2 : code >= 2, `code ${code}, written: ${written}`);
  },
);
