/**
 * The run document itself: everything that was measured, and what `history import` reads.
 *
 * @module
 */
import { serialiseRun } from "../../workloads/runner/run_file.ts";
import type { Exporter } from "./exporter.ts";

export const exporter: Exporter = {
  id: "json",
  summary: "the run document, schema/run-2.json",
  extension: "json",
  render: serialiseRun,
};
