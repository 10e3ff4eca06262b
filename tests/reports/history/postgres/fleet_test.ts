import { assert, assertEquals } from "@std/assert";
import { PostgresServer } from "../../../postgres_server.ts";
import { simulate } from "./fleet.ts";

Deno.test("postgres: hosts that write at once through a restart lose nothing", async () => {
  await using server = await PostgresServer.start();
  const outcome = await simulate(server, { hosts: 6, runsEach: 4, restartsAt: [0.4], crash: true });
  assertEquals(outcome.ids, outcome.expected);
  assertEquals(outcome.torn, []);
  assertEquals([outcome.namespaces, outcome.hostnames, outcome.restarts], [6, 6, 1]);
  assertEquals(outcome.stored + outcome.kept, 24);
  assert(outcome.looks > 0);
});
