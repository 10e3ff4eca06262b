import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { setColorEnabled } from "@std/fmt/colors";
import { advise } from "../../../reports/advise/answer.ts";
import { basisOf } from "../../../reports/advise/basis.ts";
import { declarations } from "../../../reports/advise/declare.ts";
import { requirementsOf } from "../../../reports/advise/requirements.ts";
import { answerText } from "../../../reports/advise/text.ts";
import { admittedRun } from "./admitted_run.ts";
import { NOTHING, SITUATIONS, USUAL } from "./situations.ts";

setColorEnabled(false);
const facilities = await declarations(USUAL);

for (const width of [80, 120]) {
  Deno.test(`answers to all situations fit ${width} columns`, () => {
    for (const asked of SITUATIONS) {
      for (const perSecond of [undefined, 120_000]) {
        const question = requirementsOf({ ...asked, perSecond });
        const { unmeasured } = advise(question, facilities, NOTHING);
        const run = admittedRun(question, unmeasured);
        // Without an interval, words stand where its width would.
        run.cells.forEach((cell) => Object.assign(cell, { ciMethod: "none" }));
        const answer = advise(question, facilities, basisOf(run));
        const text = answerText(answer, "run of a long name, 23 November 2026, 03:01 UTC", width);
        assertEquals(text.split("\n").filter((line) => line.length > width), []);
        for (const { label } of answer.ranked) assertStringIncludes(text, label.slice(0, 20));
        for (const { claim } of answer.excluded) assert(!claim || text.includes(claim.id));
      }
    }
  });
}
