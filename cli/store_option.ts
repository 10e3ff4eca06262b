/**
 * The option that names the store.
 *
 * @module
 */
import type { Command } from "commander";
import { defaultStore } from "../reports/history/open_store.ts";
import { STORE_VARIABLE } from "../reports/history/store_variable.ts";

/** It has no default, so that help never shows what the environment says. */
export function storeOption(command: Command, what = "where runs are kept"): Command {
  return command.option(
    "--store <URL>",
    `${what}: a SQLite file, or postgres://USER@HOST/DATABASE ` +
      `(default: $${STORE_VARIABLE}, else ${defaultStore()})`,
  );
}
