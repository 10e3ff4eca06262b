/**
 * What each command may do, beyond what all of them do: call the C library, and read.
 *
 * @module
 */
import { STORE_VARIABLE } from "../../reports/history/store_variable.ts";

interface Needs {
  /** Which programs it starts: its own again, as participants, or whatever the user names. */
  readonly starts?: "itself" | "any";
  /** It opens the store, which may be a server. */
  readonly store?: true;
  /** It measures: the coordinator's heap is kept small. */
  readonly measures?: true;
  /** It writes where a GitHub workflow wants to have it. */
  readonly github?: true;
}

/** By command; `tests/readme_test.ts` holds the README's list of permissions to it. */
export const NEEDS: Readonly<Record<string, Needs>> = {
  bench: { starts: "itself", store: true, measures: true },
  claims: { starts: "itself", measures: true },
  list: {},
  report: { store: true },
  serve: { store: true },
  check: { starts: "itself", store: true, measures: true, github: true },
  compare: { starts: "any", store: true },
  advise: { starts: "itself", store: true, measures: true },
  history: { store: true },
  doctor: {},
  fidelity: { starts: "any", measures: true },
  clean: {},
};

/** Where a GitHub workflow wants the summary of a job. */
export const SUMMARY_VARIABLE = "GITHUB_STEP_SUMMARY";

/** What a PostgreSQL's client reads, asked or unasked. */
const CLIENT_VARIABLES = ["PGPASSWORD", "PGAPPNAME", "PGTARGETSESSIONATTRS"];

/** The variables that a command may read through Deno. */
export function variables({ store, github }: Needs): string[] {
  return [
    "TMPDIR",
    ...(store ? [STORE_VARIABLE, ...CLIENT_VARIABLES] : []),
    ...(github ? ["GITHUB_ACTIONS", SUMMARY_VARIABLE] : []),
  ];
}

/** Stands for whatever starts this Deno again, wherever it lies. */
export const THIS_DENO = "--allow-run=deno";

/** The options of `deno run` for a command that may write below these folders. */
export function optionsOf(needs: Needs, writable: readonly string[]): string[] {
  return [
    ...(needs.measures ? ["--v8-flags=--max-semi-space-size=1"] : []),
    "--allow-ffi",
    "--allow-read",
    `--allow-write=${writable.join(",")}`,
    `--allow-env=${variables(needs).join(",")}`,
    ...(needs.store ? ["--allow-net"] : []),
    ...(needs.starts ? [needs.starts === "any" ? "--allow-run" : THIS_DENO] : []),
  ];
}
