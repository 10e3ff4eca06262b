/**
 * Checks rows of calls against the errors expected of them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { geteuid } from "../../facilities/libc/unistd.ts";
import { errnoOf, type Row } from "./calls.ts";

/** Whether this process may become another user: rows for `nobody` need root. */
export const CAN_BECOME_NOBODY = geteuid() === 0;

/** Does the rows in their order; those for `nobody` are left out where this user is not root. */
export async function checkRows(rows: readonly Row[]): Promise<void> {
  const found = [];
  const expected = [];
  for (const row of rows) {
    if (row.who && !CAN_BECOME_NOBODY) continue;
    const what = `${row.call}(${row.args.join(", ")})${row.who ? ` by ${row.who}` : ""}`;
    expected.push(`${what}: ${row.errno}`);
    found.push(`${what}: ${row.who ? await asNobody(row) : errnoOf(row)}`);
  }
  assertEquals(found, expected);
}

/** Does one call as `nobody`, in a thread that ends afterwards. */
export function asNobody(row: Pick<Row, "call" | "args">): Promise<string | null> {
  const { promise, resolve, reject } = Promise.withResolvers<string | null>();
  const worker = new Worker(import.meta.resolve("./calls.ts"), { type: "module" });
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    reject(new Error(event.message));
  };
  worker.postMessage(row);
  return promise.finally(() => worker.terminate());
}
