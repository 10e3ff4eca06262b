import { assert, assertEquals, assertRejects } from "@std/assert";
import { InputError, SuiteError } from "../../../workloads/runner/errors.ts";
import {
  checkWritable,
  checkWritableFolder,
  writeWhole,
} from "../../../workloads/runner/write_whole.ts";

/** Runs a test in a folder of its own, and holds that no part of a file is left in it. */
function inFolder(name: string, test: (folder: string) => Promise<void>): void {
  Deno.test(name, async () => {
    const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
    try {
      await test(folder);
      assertEquals(namesIn(folder).filter((name) => name.endsWith(".part")), []);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

const namesIn = (folder: string) => Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();

inFolder("text and bytes arrive, and replace what was there with its mode", async (folder) => {
  const path = `${folder}/run.json`;
  await writeWhole(path, "first é");
  assertEquals(await Deno.readTextFile(path), "first é");
  await Deno.chmod(path, 0o600);
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  await writeWhole(path, bytes);
  assertEquals(await Deno.readFile(path), bytes);
  assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
  assertEquals(namesIn(folder), ["run.json"]);
});

inFolder("who reads meanwhile sees the old file or the new one, never a part", async (folder) => {
  const path = `${folder}/run.json`;
  const versions = ["a", "b"].map((letter) => letter.repeat(2_000_000));
  await writeWhole(path, versions[0]!);
  let writing = true;
  const reader = (async () => {
    let reads = 0;
    for (; writing || reads === 0; reads++) {
      const text = await Deno.readTextFile(path);
      assert(versions.includes(text), `${text.length} characters, first ${text[0]}`);
    }
    return reads;
  })();
  for (let i = 0; i < 30; i++) await writeWhole(path, versions[i % 2]!);
  writing = false;
  assert(await reader > 0);
});

inFolder("a symbolic link is replaced, not followed", async (folder) => {
  await Deno.writeTextFile(`${folder}/victim`, "untouched");
  await Deno.symlink(`${folder}/victim`, `${folder}/run.json`);
  await writeWhole(`${folder}/run.json`, "new");
  assertEquals(await Deno.readTextFile(`${folder}/victim`), "untouched");
  assert((await Deno.lstat(`${folder}/run.json`)).isFile);
});

inFolder("a pipe is written to and stays a pipe", async (folder) => {
  const path = `${folder}/pipe`;
  assert((await new Deno.Command("mkfifo", { args: [path] }).output()).success);
  const reader = new Deno.Command("cat", { args: [path], stdout: "piped" }).spawn();
  try {
    await writeWhole(path, "through");
    assert((await Deno.lstat(path)).isFifo);
    assertEquals(new TextDecoder().decode((await reader.output()).stdout), "through");
  } catch (error) {
    reader.kill();
    await reader.output();
    throw error;
  }
});

inFolder("a writer that fails leaves the old file and nothing else", async (folder) => {
  // RLIMIT_FSIZE 1 block: the write fails with EFBIG after 512 or 1,024 bytes, as on a full disk.
  const path = `${folder}/run.json`;
  await Deno.writeTextFile(path, "old");
  const module = new URL("../../../workloads/runner/write_whole.ts", import.meta.url).href;
  const script = `import { writeWhole } from ${JSON.stringify(module)};
    try { await writeWhole(${JSON.stringify(path)}, "x".repeat(50_000)); console.log("written"); }
    catch (error) { console.log(error.exitCode, error.message); }`;
  await Deno.writeTextFile(`${folder}/writer.ts`, script);
  const { stdout } = await new Deno.Command("sh", {
    args: [
      "-c",
      'trap "" XFSZ; ulimit -f 1; exec "$0" run --no-lock --cached-only --allow-ffi --allow-read --allow-write "$1"',
      Deno.execPath(),
      `${folder}/writer.ts`,
    ],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    `4 Cannot write ${path}: File too large (os error 27)\n`,
  );
  assertEquals(await Deno.readTextFile(path), "old");
  assertEquals(namesIn(folder), ["run.json", "writer.ts"]);
});

inFolder("an unwritable target is found beforehand, in one line", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "as before");
  const rows = [
    [folder, "it is a folder"],
    [`${folder}/none/run.json`, `there is no folder ${folder}/none, make it first`],
    [`${folder}/file/run.json`, "Not a directory (os error 20)"],
    [`${folder}/${"x".repeat(256)}`, "File name too long (os error 36)"],
    [`${folder}/run/`, "it names no file"],
    ["", "it names no file"],
  ] as const;
  for (const [path, reason] of rows) {
    const error = await assertRejects(() => checkWritable(path), InputError);
    assertEquals(error.message, `Cannot write ${path}: ${reason}`);
    await assertRejects(() => writeWhole(path, "x"), SuiteError, `Cannot write ${path}: `);
  }
  assertEquals(namesIn(folder), ["file"]);
});

inFolder("checking creates nothing and touches nothing", async (folder) => {
  const path = `${folder}/run.json`;
  await checkWritable(path);
  await checkWritable(`${folder}/${"x".repeat(255)}`);
  assertEquals(namesIn(folder), []);
  await Deno.writeTextFile(path, "as before");
  const before = await Deno.stat(path);
  await checkWritable(path);
  const after = await Deno.stat(path);
  assertEquals(await Deno.readTextFile(path), "as before");
  assertEquals([after.mtime, after.ino], [before.mtime, before.ino]);
});

inFolder("a folder may have to be made, but not below a file", async (folder) => {
  await Deno.writeTextFile(`${folder}/file`, "");
  await checkWritableFolder(folder);
  await checkWritableFolder(`${folder}/new/site`);
  assertEquals(namesIn(folder), ["file"]);
  const rows = [
    [`${folder}/file`, `${folder}/file is no folder`],
    [`${folder}/file/site`, "Not a directory (os error 20)"],
  ] as const;
  for (const [path, reason] of rows) {
    const error = await assertRejects(() => checkWritableFolder(path), InputError);
    assertEquals(error.message, `Cannot write into ${path}: ${reason}`);
  }
});

inFolder("what the task may not write is named, not asked for", async (folder) => {
  const module = new URL("../../../workloads/runner/write_whole.ts", import.meta.url).href;
  const script = `import { checkWritable } from ${JSON.stringify(module)};
    try { await checkWritable(${JSON.stringify(`${folder}/run.json`)}); console.log("allowed"); }
    catch (error) { console.log(error.exitCode, error.message); }`;
  await Deno.writeTextFile(`${folder}/check.ts`, script);
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-lock",
      "--cached-only",
      "--allow-ffi",
      "--allow-read",
      `${folder}/check.ts`,
    ],
  }).output();
  assertEquals(
    new TextDecoder().decode(stdout),
    `2 Cannot write ${folder}/run.json: this command may not write there; ` +
      `call it from ${folder}, or give Deno --allow-write=${folder}\n`,
  );
});
