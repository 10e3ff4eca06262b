/**
 * Runs command lines in this process, as the program itself does, with the streams caught.
 *
 * @module
 */
import { run } from "../../cli/main.ts";
import { COMMANDS } from "../../cli/program.ts";
import { BESIDE, LEAVES } from "../../facilities/taxonomy.ts";
import "../../reports/history/sqlite.ts";
import { CONTROL_ROWS, loadWorkload, WORKLOADS } from "../../workloads/catalogue.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { readTopology } from "../../workloads/runner/topology.ts";
import { watched } from "./watchdog.ts";

// What a command would load when it first runs: libraries stay open, which a test must not be blamed for.
for (const { load } of Object.values(COMMANDS)) await load();
for (const { load } of [...LEAVES, ...BESIDE]) await load();
for (const id of [...WORKLOADS, ...CONTROL_ROWS]) await loadWorkload(id);
readHost();
readTopology();

/** How a command line ended. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line; what it writes to stdout and stderr is caught. */
export async function session(args: readonly string[]): Promise<Ended> {
  return await watched(JSON.stringify(args), async () => {
    using streams = new Streams();
    const code = await run(args);
    return { code, ...streams.written() };
  });
}

/** Stands between the program and its streams as long as it lives. */
class Streams implements Disposable {
  readonly #parts = { out: [] as Uint8Array[], err: [] as Uint8Array[] };
  readonly #console = { log: console.log, error: console.error };

  constructor() {
    const encoder = new TextEncoder();
    const line = (to: "out" | "err") => (...words: unknown[]) =>
      void this.#parts[to].push(encoder.encode(`${words.join(" ")}\n`));
    console.log = line("out");
    console.error = line("err");
    for (const [stream, to] of [[Deno.stdout, "out"], [Deno.stderr, "err"]] as const) {
      const take = (bytes: Uint8Array) => this.#parts[to].push(bytes.slice()) && bytes.length;
      const own = stream as { writeSync?: unknown; write?: unknown };
      own.writeSync = take;
      own.write = (bytes: Uint8Array) => Promise.resolve(take(bytes));
    }
  }

  written(): { out: string; err: string } {
    const { out, err } = this.#parts;
    return { out: text(out), err: text(err) };
  }

  [Symbol.dispose](): void {
    Object.assign(console, this.#console);
    for (const stream of [Deno.stdout, Deno.stderr]) {
      const own = stream as { writeSync?: unknown; write?: unknown };
      // The methods of the class show again.
      delete own.writeSync;
      delete own.write;
    }
  }
}

function text(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
}
