import { assertEquals } from "@std/assert";
import { publishedSchema, SCHEMA_PATH } from "../../../workloads/runner/publish_schema.ts";

Deno.test("the published schema is the one that runs are checked by; deno task schema renews it", () => {
  const path = new URL(`../../../${SCHEMA_PATH}`, import.meta.url);
  assertEquals(Deno.readTextFileSync(path), publishedSchema());
});

Deno.test("the published schema names every field that a run must have", () => {
  const schema = JSON.parse(publishedSchema());
  assertEquals(schema.properties.schema, { const: "ipc-taxonomy/run/2" });
  // Only a machine that had several has states, and only an emulator another clock.
  const required = [...schema.required, "states", "clock"].toSorted();
  assertEquals(required, Object.keys(schema.properties).toSorted());
  const [measured] = schema.properties.cells.items.anyOf ?? schema.properties.cells.items.oneOf;
  assertEquals(measured.properties.status, { const: "measured" });
  assertEquals(measured.required.includes("histogram"), false);
});
