// @gate alone

import { assertEquals, assertMatch } from "@std/assert";
import { tryListFolder } from "../../facilities/libc/files.ts";
import { shmUnlink } from "../../facilities/libc/sys_mman.ts";
import { leavingNothing } from "../leftovers.ts";
import { fromFileUrl } from "../paths.ts";
import { judge } from "./verdict.ts";
import type { Vitals } from "./vitals.ts";

const LEAKING = fromFileUrl(import.meta.resolve("./facilities/leaking.ts"));

/** The shortest soak that there is. */
async function soak(facility: string, temporary: string) {
  const { soak: task } = JSON.parse(Deno.readTextFileSync("deno.json")).tasks;
  const [, ...words] = `${task}`.split(" ");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...words, "--for", "1s", "--facility", facility, "--json", `${temporary}/soak.json`],
    env: { TMPDIR: temporary },
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = new TextDecoder();
  const { verdict } = JSON.parse(await Deno.readTextFile(`${temporary}/soak.json`));
  await Deno.remove(`${temporary}/soak.json`);
  return { code, verdict, out: text.decode(stdout), err: text.decode(stderr) };
}

Deno.test("a soak of what leaks descriptors, memory and kernel objects says so", async () => {
  await leavingNothing(async (temporary) => {
    try {
      const { code, verdict, out, err } = await soak(LEAKING, temporary);
      assertEquals([code, verdict, err], [1, "grows", ""], out);
      for (const vital of ["descriptors", "memoryBytes", "objects"]) {
        assertMatch(out, new RegExp(`^${vital} .* GROWS$`, "m"));
      }
      for (const vital of ["children", "files"]) {
        assertMatch(out, new RegExp(`^${vital} .* flat$`, "m"));
      }
    } finally {
      const left = tryListFolder("/dev/shm").filter((name) =>
        name.startsWith("ipc-taxonomy-leaking-")
      );
      for (const name of left) shmUnlink(`/${name}`);
    }
  });
});

const STILL: Vitals = {
  descriptors: 20,
  maps: 200,
  memoryBytes: 1e8,
  children: 0,
  objects: 0,
  files: 0,
  storeBytes: 1e5,
};

/** The names of what grows in so many looks. */
function growing(count: number, at: (index: number) => Partial<Vitals>): string[] {
  const looks = Array.from({ length: count }, (_, index) => ({ ...STILL, ...at(index) }));
  return judge(looks)!.filter(({ grows }) => grows).map(({ vital }) => vital);
}

Deno.test("what rises early, for a moment, or within its tolerance does not grow", () => {
  assertEquals(growing(90, () => ({})), []);
  assertEquals(growing(90, (index) => ({ memoryBytes: 1e8 + Math.min(index, 30) * 1e6 })), []);
  assertEquals(growing(90, (index) => ({ objects: index % 5 === 0 ? 9 : 0 })), []);
  assertEquals(growing(90, (index) => ({ descriptors: 20 + index / 45 })), []);
  assertEquals(judge([STILL]), null);
});

Deno.test("what rises steadily or by steps grows", () => {
  assertEquals(growing(90, (index) => ({ descriptors: 20 + index })), ["descriptors"]);
  assertEquals(growing(90, (index) => ({ objects: index < 60 ? 0 : 1 })), ["objects"]);
  assertEquals(growing(90, (index) => ({ memoryBytes: 1e8 + index * 2e6 })), ["memoryBytes"]);
  assertEquals(growing(90, (index) => ({ storeBytes: 1e5 + index * 2e4 })), ["storeBytes"]);
});
