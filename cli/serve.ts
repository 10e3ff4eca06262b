/**
 * `serve`: the report's pages on this machine, made anew when a run is stored.
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { isServer, openStore, storeUrl } from "../reports/history/open_store.ts";
import { rebuildOnChange, serveSite } from "../reports/html/mod.ts";
import { resultPath } from "../reports/result_paths.ts";
import { InputError, reasonOf } from "../workloads/runner/errors.ts";
import { checkWritableFolder } from "../workloads/runner/write_whole.ts";
import { whole } from "./arguments.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { MOST, type ReportOptions, writePages } from "./report.ts";
import { complain } from "./standard_streams.ts";
import { storeOption } from "./store_option.ts";

/** Identifies the format of the JSON and its version. */
export const SERVE_SCHEMA_ID = "ipc-taxonomy/serve/1";

interface ServeCommandOptions extends ReportOptions {
  host: string;
  port: number;
}

export function define(command: Command, exit: (code: number) => void): void {
  storeOption(command)
    .argument("[RUN...]", "run files, ids of stored runs, or latest; all stored runs when absent")
    .option("--report <DIR>", "where the pages are written", resultPath("report"))
    .option("--host <ADDRESS>", "the address to listen on", "127.0.0.1")
    .option("--port <N>", "the port to listen on, 0 for any that is free", whole(0, 65_535), 8043)
    .option("--json <FILE>", "the address and the paths written, as JSON, - for stdout")
    .action(async (given: string[], options: ServeCommandOptions) =>
      exit(await serve(given, options))
    );
}

async function serve(given: string[], options: ServeCommandOptions): Promise<number> {
  const output = await Output.open(options.json);
  await checkWritableFolder(options.report);
  const written = await writePages(given, options);
  using interruption = new Interruption();
  const { signal } = interruption;
  const { server, listening } = listen(options, signal);
  const url = await listening;
  output.text(`Report: ${url} (Ctrl-C ends)`);
  await output.finish({ schema: SERVE_SCHEMA_ID, url, written });
  // Named runs do not change; what is stored does.
  const watching = given.length === 0 ? watch(options, output, signal) : Promise.resolve();
  await Promise.all([server.finished, watching]);
  return interruption.exitCode ?? 0;
}

function listen({ report, host, port }: ServeCommandOptions, signal: AbortSignal) {
  const { promise: listening, resolve } = Promise.withResolvers<string>();
  try {
    const server = serveSite(report, { hostname: host, port, signal, listening: resolve });
    return { server, listening };
  } catch (cause) {
    throw new InputError(
      `Cannot listen on ${host}:${port}: ${reasonOf(cause)}; another --port would do`,
      { cause },
    );
  }
}

/** Makes the pages anew after each change of what is stored. */
async function watch(
  options: ServeCommandOptions,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  let shown = await contents(options.store);
  const rebuild = async () => {
    const now = await contents(options.store);
    if (now === shown) return;
    await writePages([], options, signal);
    shown = now;
    output.text(`Report made anew, ${new Date().toISOString()}`);
  };
  const failed = (error: unknown) =>
    complain(`the report could not be made anew: ${reasonOf(error)}`);
  const url = storeUrl(options.store);
  if (isServer(url)) return await askAgain(rebuild, failed, signal);
  const file = resolve(url.replace(/^sqlite:/i, ""));
  await rebuildOnChange([dirname(file)], rebuild, {
    signal,
    // Reading the store touches the files beside it, so only the one that a writer leaves counts.
    concerns: (path) => path === file,
    failed,
  });
}

/** A server's files cannot be watched. */
const ASK_EVERY_MS = 10_000;

async function askAgain(
  rebuild: () => Promise<void>,
  failed: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ASK_EVERY_MS);
    signal.addEventListener("abort", () => resolve(), { once: true });
    await promise;
    clearTimeout(timer);
    if (!signal.aborted) await rebuild().catch(failed);
  }
}

/** The ids of the runs that are shown and whether they are complete: what changes when one is stored. */
async function contents(url: string | undefined): Promise<string> {
  await using store = await openStore(url, { create: false });
  const runs = await store.list({ limit: MOST });
  return runs.map(({ id, complete }) => `${id} ${complete}`).join("\n");
}
