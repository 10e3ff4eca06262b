/**
 * github-action-benchmark, tool `customSmallerIsBetter`: the times.
 *
 * @module
 */
import type { Exporter } from "./exporter.ts";
import { githubEntries } from "./github_entries.ts";

export const exporter: Exporter = {
  id: "github-smaller",
  summary: "github-action-benchmark, customSmallerIsBetter: the times",
  extension: "json",
  render: (run) => githubEntries(run, "lower"),
};
