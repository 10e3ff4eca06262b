/**
 * github-action-benchmark, tool `customBiggerIsBetter`: the rates.
 *
 * @module
 */
import type { Exporter } from "./exporter.ts";
import { githubEntries } from "./github_entries.ts";

export const exporter: Exporter = {
  id: "github-bigger",
  summary: "github-action-benchmark, customBiggerIsBetter: the rates",
  extension: "json",
  render: (run) => githubEntries(run, "higher"),
};
