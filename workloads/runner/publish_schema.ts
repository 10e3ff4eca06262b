/**
 * Publishes the run document's schema as JSON Schema: `deno task schema` writes `schema/run-2.json`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { toJsonSchema } from "@valibot/to-json-schema";
import { RunSchema, SCHEMA_ID } from "./document.ts";
import { writeWhole } from "./write_whole.ts";

/** Where the schema is published, from the project's root. */
export const SCHEMA_PATH = "schema/run-2.json";

/** The schema's own name; nothing has to be found under it. */
export const SCHEMA_URN = `urn:${SCHEMA_ID.replaceAll("/", ":")}`;

/** The published text, made from the schema that reading and writing use. */
export function publishedSchema(): string {
  const { $schema, ...schema } = toJsonSchema(RunSchema, {
    target: "draft-2020-12",
    // JSON has no number that is not finite, and readonly is TypeScript's affair. What it cannot say is
    // checked by the reader alone.
    ignoreActions: ["finite", "readonly", "check"],
  });
  return JSON.stringify({ $schema, $id: SCHEMA_URN, title: SCHEMA_ID, ...schema }, null, 2) + "\n";
}

if (import.meta.main) {
  const path = fileURLToPath(import.meta.resolve(`../../${SCHEMA_PATH}`));
  await writeWhole(path, publishedSchema());
}
