// @gate long
/** A check's JUnit report, read by a parser of XML that is not ours. @module */
import { assertEquals } from "@std/assert";
import { checkJunit } from "../../../reports/check/junit.ts";
import { runCheck } from "../../../reports/check/run_check.ts";
import { testWithPackage } from "../../debian.ts";
import { TEXTS } from "../../hostile.ts";
import { hostileRun } from "../../hostile_runs.ts";

await testWithPackage(
  { program: "xmllint", packages: ["libxml2-utils"] },
  "a report full of hostile text is well-formed",
  async () => {
    for (const [kind, text] of Object.entries(TEXTS)) {
      const [baseline, candidate] = [1, 3].map((factor) =>
        hostileRun({ id: `${kind}-${factor}`, text, known: true, factor })
      );
      const document = await runCheck({
        ...{ baselineName: text("name"), baseline: [baseline!], candidate: candidate! },
        ...{ threshold: 0.1, again: null, disturbance: null },
      });
      const child = new Deno.Command("xmllint", {
        args: ["--noout", "-"],
        stdin: "piped",
        stdout: "piped",
        stderr: "piped",
      }).spawn();
      const writer = child.stdin.getWriter();
      await writer.write(new TextEncoder().encode(checkJunit(document!)));
      await writer.close();
      const { success, stderr } = await child.output();
      assertEquals([success, new TextDecoder().decode(stderr)], [true, ""], kind);
    }
  },
);
