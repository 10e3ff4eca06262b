import { assert, assertEquals } from "@std/assert";
import {
  InputError,
  NotComparableError,
  reasonOf,
  SuiteError,
  UserError,
} from "../../../workloads/runner/errors.ts";

Deno.test("each error has its exit code and name", () => {
  const errors = [new InputError("a"), new NotComparableError("b"), new SuiteError("c")];
  assertEquals(errors.map(({ exitCode }) => exitCode), [2, 3, 4]);
  assertEquals(errors.map(String), ["InputError: a", "NotComparableError: b", "SuiteError: c"]);
  assert(errors.every((error) => error instanceof UserError));
});

Deno.test("a message stays one line, whatever foreign text it repeats", () => {
  assertEquals(
    new InputError("a\nb\r\u001b[31m\u2028c é").message,
    "a\\nb\\u000d\\u001b[31m\\u2028c é",
  );
  assertEquals(new InputError("plain").message, "plain");
});

Deno.test("the system's reasons are words", () => {
  const folder = Deno.makeTempDirSync();
  try {
    const rows = [
      [() => Deno.openSync(`${folder}/none`), "there is no such file"],
      [() => Deno.readTextFileSync(folder), "it is a folder"],
      [() => Deno.openSync(`${folder}/${"x".repeat(300)}`), "File name too long (os error 36)"],
    ] as const;
    for (const [attempt, reason] of rows) {
      try {
        attempt();
        assert(false, `${reason} was expected`);
      } catch (error) {
        assertEquals(reasonOf(error), reason);
      }
    }
    assertEquals(reasonOf("a word"), "a word");
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
