/**
 * Documents out of their schemas, each of whose texts is hostile.
 *
 * @module
 */
import { toJsonSchema } from "@valibot/to-json-schema";
import type { RunDocument } from "../workloads/runner/document.ts";
import { type FidelityDocument, FidelitySchema } from "../workloads/runner/fidelity_document.ts";
import { publishedSchema } from "../workloads/runner/publish_schema.ts";
import { parseRun } from "../workloads/runner/run_file.ts";
import { fill, type JsonSchema } from "./hostile.ts";

export interface HostileRun {
  id: string;
  text: (path: string) => string;
  /** Whether facilities, workloads and places are known ones, so that they enter rankings. */
  known: boolean;
  /** Multiplies all times. @default 1 */
  factor?: number;
  startedAt?: string;
  kernel?: string;
}

const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)facility$|^settings\.facilities|^facilities\.\d+\.id$/, "pipe"],
  [/(^|\.)workload$|^settings\.workloads/, "round-trip"],
  [/(^|\.)placement$|^settings\.placements/, "same-cpu"],
];

/** A run that the reader takes: three cells, one of each status, with all that they may have. */
export function hostileRun(options: HostileRun): RunDocument {
  const { id, text, known, factor = 1, startedAt, kernel } = options;
  const filled = fill(JSON.parse(publishedSchema()), {
    text: (path) => known && KNOWN.find(([field]) => field.test(path))?.[1] || text(path),
    number: (path) => numberAt(path, factor),
  }) as RunDocument;
  if (startedAt) filled.startedAt = startedAt;
  if (kernel) filled.host.kernel = kernel;
  return parseRun(JSON.stringify({ ...filled, id }), "a hostile run");
}

const FIDELITY = toJsonSchema(FidelitySchema, {
  target: "draft-2020-12",
  ignoreActions: ["finite", "readonly"],
}) as JsonSchema;

/** A comparison with native code: cells of all kinds. */
export function hostileFidelity(text: (path: string) => string): FidelityDocument {
  return fill(FIDELITY, { text, number: () => 1 }) as FidelityDocument;
}

/** Twelve trials of 100 to 111, and an interval that fits them. */
function numberAt(path: string, factor: number): number {
  const trial = /trials\.(\d+)\.estimate$/.exec(path);
  if (trial) return factor * (100 + Number(trial[1]));
  if (/(^|\.)estimate$/.test(path)) return factor * 105.5;
  const end = /ci95\.([01])$/.exec(path);
  if (end) return factor * (102 + 7 * Number(end[1]));
  return /\.state$/.test(path) ? 0 : 1;
}
