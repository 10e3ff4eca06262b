import { assert, assertEquals } from "@std/assert";
import { widthOf } from "../../cli/terminal.ts";
import { openStore } from "../../reports/history/open_store.ts";
import { syntheticRun } from "../reports/html/synthetic_run.ts";
import { inTerminal } from "./in_terminal.ts";

Deno.test("a terminal that does not say how wide it is counts as one of 80 columns", () => {
  assertEquals([0, 1, 19, 20, 80, 250].map(widthOf), [80, 80, 80, 20, 80, 250]);
});

Deno.test("on a terminal of 0 columns, as a serial console is, text is as wide as on one of 80", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  try {
    const store = `${folder}/history.sqlite`;
    {
      await using history = await openStore(store);
      await history.add(syntheticRun());
    }
    for (const args of [["history", "show", "--store", store], ["bench", "--help"]]) {
      const [serial, usual, narrow] = [
        await inTerminal(0, ...args),
        await inTerminal(80, ...args),
        await inTerminal(60, ...args),
      ];
      assertEquals([serial.code, usual.code, narrow.code], [0, 0, 0], usual.lines.join("\n"));
      assert(usual.lines.length > 10, usual.lines.join("\n"));
      assertEquals(serial.lines, usual.lines);
      assert(narrow.lines.join() !== usual.lines.join(), "60 columns do not look like 80");
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
