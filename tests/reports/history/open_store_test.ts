import { assert, assertEquals, assertRejects } from "@std/assert";
import { backendOf, openStore, storeUrl } from "../../../reports/history/open_store.ts";
import { InputError } from "../../../workloads/runner/errors.ts";

const SECRET = "s3cret";

Deno.test("what looks like an address and is none is no file, and its password is not told", async () => {
  const meant = [
    `"postgres://ipc:${SECRET}@db/fleet"`,
    `sqlite: postgres://ipc:${SECRET}@db/fleet`,
    `x postgres://ipc:${SECRET}@db/fleet`,
    `_pg://ipc:${SECRET}@db/fleet`,
    ` 'ipc:${SECRET}@db/fleet'`,
    `${SECRET}@db:5432/fleet`,
    `host=db user=ipc password=${SECRET}`,
    `dbname = fleet password = ${SECRET}`,
    `postgres:/ipc:${SECRET}@db/fleet`,
    `postgres//ipc:${SECRET}@db/fleet://`,
  ];
  for (const text of meant) {
    const error = await assertRejects(() => openStore(text), InputError);
    assert(!error.message.includes(SECRET), error.message);
  }
});

Deno.test("blanks around a store's name are no part of it", async () => {
  assertEquals(storeUrl(" postgres://ipc@db/fleet\n"), "postgres://ipc@db/fleet");
  assertEquals((await backendOf(storeUrl("\tpostgres://ipc@db/fleet "))).isRemote, true);
  for (
    const path of ["./a b/c.sqlite", "results/x=1.sqlite", "/tmp/me@host/a:b.sqlite", "a@b.sqlite"]
  ) {
    assertEquals((await backendOf(storeUrl(` ${path} `))).isRemote, false, path);
  }
});
