// @gate long alone

import { assert, assertEquals, assertMatch } from "@std/assert";
import type { InterleavedDocument } from "../../reports/compare/interleaved.ts";
import { withFolder } from "../facilities/together.ts";
import { leavingNothing } from "../leftovers.ts";
import { end, start } from "./command.ts";

Deno.test("interleaved, each side is started with its own prefix, in ABBA blocks", () =>
  leavingNothing((temporary) =>
    withFolder(async (folder) => {
      // Each side notes when it starts something, then becomes it.
      const note = async (side: string) => {
        const path = `${folder}/side-${side}`;
        await Deno.writeTextFile(path, `#!/bin/sh\necho ${side} >> ${folder}/order\nexec "$@"\n`);
        await Deno.chmod(path, 0o755);
        return path;
      };
      const json = `${folder}/out.json`;
      const { code, out, err } = await end(start(
        [
          ...["compare", "--interleave", "--a", await note("a"), "--b", `${await note("b")} nice`],
          ...["--facility", "pipe", "--workload", "round-trip", "--size", "64"],
          ...[
            "--placement",
            "same-cpu",
            "--trials",
            "6",
            "--budget",
            "5m",
            "--json",
            json,
            "--all",
          ],
        ],
        temporary,
        {},
        "--allow-run",
      ));
      assertEquals([code, err], [0, ""]);
      assertMatch(out, /round-trip\/pipe\/64\/same-cpu/);
      const document: InterleavedDocument = JSON.parse(await Deno.readTextFile(json));
      assertEquals([document.complete, document.failed], [true, []]);
      for (const { id, pairs, interval } of document.cells) {
        assertEquals(pairs.length, 6, id);
        assert(interval !== null && interval[0] <= interval[1], id);
      }
      // One start each to try the prefix, then three blocks of the control rows, which take one
      // process, and of the pipe, which takes two.
      const order = (await Deno.readTextFile(`${folder}/order`)).trim().replaceAll("\n", "");
      assertMatch(order, /^ab(abba|baab|aabbbbaa|bbaaaabb){6}$/);
      assertEquals(order.length, 2 + 3 * 4 + 3 * 8);
    })
  ));

Deno.test("another Deno binary is a side of its own", () =>
  withFolder(async (folder) => {
    const other = `${folder}/deno-other`;
    await Deno.writeTextFile(
      other,
      `#!/bin/sh\necho started >> ${folder}/starts\nexec ${Deno.execPath()} "$@"\n`,
    );
    await Deno.chmod(other, 0o755);
    const { code } = await end(start(
      [
        ...["compare", "--interleave", "--a", "", "--b", other, "--facility", "pipe"],
        ...["--workload", "round-trip", "--size", "64", "--placement", "same-cpu"],
        ...["--trials", "6", "--budget", "1s"],
      ],
      undefined,
      {},
      "--allow-run",
    ));
    assertEquals(code, 0);
    assert((await Deno.readTextFile(`${folder}/starts`)).split("\n").length > 4);
  }));
