import { assertEquals, assertMatch } from "@std/assert";
import { facility } from "../../../../facilities/communication/shared_memory/anonymous_mapping.ts";
import { Scope } from "../../../../facilities/scope.ts";
import { CAN_BECOME_NOBODY } from "../../rows.ts";
import { withFolder } from "../../together.ts";

Deno.test({
  name: "anonymous mapping: who lacks the privileges is told which, for processes only",
  ignore: !CAN_BECOME_NOBODY,
  async fn() {
    const program = import.meta.resolve("./anonymous_mapping_by_nobody.ts");
    const worker = new Worker(program, { type: "module" });
    const reasons = await new Promise<Record<string, string | null>>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
    });
    worker.terminate();
    assertEquals(reasons.thread, null);
    assertMatch(`${reasons.process}`, /takes CAP_CHECKPOINT_RESTORE .*\(open: (EACCES|EPERM)\)$/);
  },
});

Deno.test("anonymous mapping: the figures of processes say how they came to it", () => {
  assertEquals(facility.remark!("thread"), null);
  assertMatch(facility.remark!("process")!, /map_files/);
});

Deno.test("anonymous mapping: each attachment outlives the one it was made from", async () => {
  await withFolder(async (folder) => {
    using scope = new Scope(`${folder}/scope`);
    const options = { maxBytes: 4_096, participants: "thread", count: 2, scope } as const;
    const created = await facility.region!.create(options);
    using first = await facility.region!.attach(created.link, "initiator");
    using second = await facility.region!.attach(created.link, "peer");
    created[Symbol.dispose]();
    first.memory.bytes[0] = 42;
    assertEquals(second.memory.bytes[0], 42);
  });
});
