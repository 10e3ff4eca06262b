// @gate alone

import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { loadFacilities } from "../../cli/facilities.ts";
import { InputError } from "../../workloads/runner/errors.ts";
import { fromFileUrl } from "../paths.ts";
import { leavingNothing } from "../leftovers.ts";
import { command, end, start } from "./command.ts";

const RING = import.meta.resolve("../../examples/my_ring.ts");

/** Loaded once before, since the libraries that it opens stay open. */
await loadFacilities(["pipe", RING]);

async function withModule(text: string, body: (url: string) => Promise<void>): Promise<void> {
  const path = await Deno.makeTempFile({ suffix: ".js" });
  try {
    await Deno.writeTextFile(path, text);
    await body(`file://${path}`);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("a module that cannot be used is refused with the reason in one line", async () => {
  const rows = [
    ["export const facility = ;", /SyntaxError: Expression expected$/],
    ["import './none.js'", /none\.js/],
    ["throw null", /: null$/],
    ["throw Object.create(null)", /: what was thrown cannot be shown$/],
    ["throw { get message() { throw 1 } }", /: \[object Object\]$/],
    ["throw new Error('one\\ntwo')", /: one$/],
    ["throw new Error('x'.repeat(1e6))", /: x{200}…$/],
    ["export default 1", /: Cannot use file:.*it exports no facility; see the README's example$/],
    ["export const facility = null", /: facility is null, expected an object$/],
    ["export const facility = { id: 5 }", /: id is 5, expected a text$/],
  ] as const;
  for (const [text, reason] of rows) {
    await withModule(text, async (url) => {
      const { message } = await assertRejects(() => loadFacilities([url]), InputError);
      assertMatch(message, /^Cannot load facility file:/);
      assertMatch(message, reason, text);
      assertEquals(message.includes("\n") || message.includes("\x1b"), false, message);
    });
  }
});

Deno.test("two facilities of one id are refused: their cells would be alike", async () => {
  await withModule(`export { facility } from ${JSON.stringify(RING)}`, async (url) => {
    const { message } = await assertRejects(() => loadFacilities([RING, url]), InputError);
    assertEquals(message, `Cannot load facility ${url}: its id is my-ring, as is that of ${RING}`);
  });
});

Deno.test("what a module throws later ends the command with code 4, and leaves nothing", async () => {
  const rows = [
    ["setTimeout(() => { throw 1 })", "1"],
    ["setTimeout(() => { throw 1 }, 1_000)", "1"], // then it is being measured
    ["Promise.reject(new Error('a\\nb'))", "a"],
  ];
  for (const [later, said] of rows) {
    const text = `${later}; export { facility } from ${JSON.stringify(RING)}`;
    await withModule(text, async (url) => {
      await leavingNothing(async (temporary) => {
        const args = ["bench", "--no-store", "--no-report", "--facility", fromFileUrl(url)];
        const { code, err } = await end(start([...args, "--budget", "30s"], temporary));
        assertEquals(code, 4, err);
        assertMatch(
          err,
          new RegExp(`^ipc-taxonomy: the suite failed: ${said}\n(warning: .*\n|  .*\n)*$`),
        );
      });
    });
  }
});

Deno.test("a module that never finishes loading is given up", async () => {
  await withModule("await new Promise(() => {})", async (url) => {
    const { code, out, err } = await command("bench", "--no-store", "--facility", fromFileUrl(url));
    assertEquals([code, out], [2, ""], err);
    assertMatch(err, /^ipc-taxonomy: Cannot load facility .*: it was not loaded within 5 s\n$/);
  });
});

Deno.test("a command that is refused makes no history", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const store = `${folder}/below/history.sqlite`;
    const { code } = await command("bench", "--no-report", "--store", store, "--facility", "pip");
    assertEquals([code, [...Deno.readDirSync(folder)]], [2, []]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
