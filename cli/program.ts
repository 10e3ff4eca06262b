/**
 * The commands by name, each loaded only when it is the one that runs.
 *
 * @module
 */
import { Command } from "commander";
import { oneLine } from "../workloads/runner/foreign_text.ts";
import { print, tell } from "./standard_streams.ts";
import { columns } from "./terminal.ts";
import { VERSION } from "./version.ts";

/** What a command's file exports: adds options and the action to its command. */
export type Define = (command: Command, exit: (code: number) => void) => void;

interface Entry {
  readonly summary: string;
  readonly load: () => Promise<{ define: Define }>;
}

/** All commands, in the order in which the help shows them. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  bench: {
    summary: "measure facilities, print the ranking, write the report",
    load: () => import("./bench.ts"),
  },
  claims: {
    summary: "prove the taxonomy's statements by experiment",
    load: () => import("./claims.ts"),
  },
  list: {
    summary: "the facilities in the taxonomy's tree, the workloads",
    load: () => import("./list.ts"),
  },
  report: {
    summary: "make HTML pages from stored runs or run files",
    load: () => import("./report.ts"),
  },
  serve: {
    summary: "show the report on this machine, made anew when a run is stored",
    load: () => import("./serve.ts"),
  },
  check: {
    summary: "hold a run against a baseline: did IPC get slower?",
    load: () => import("./check.ts"),
  },
  compare: {
    summary: "runs side by side, or two launch prefixes in turns",
    load: () => import("./compare.ts"),
  },
  advise: {
    summary: "which facility to use for a pattern, a size and needs",
    load: () => import("./advise.ts"),
  },
  history: {
    summary: "stored runs: list, show, export, import, prune, baselines, trends",
    load: () => import("./history.ts"),
  },
  doctor: {
    summary: "what on this machine disturbs measuring, and what would help",
    load: () => import("./doctor.ts"),
  },
  fidelity: {
    summary: "compare the suite with native code, cell by cell",
    load: () => import("./fidelity.ts"),
  },
  clean: {
    summary: "remove what interrupted runs left behind",
    load: () => import("./clean.ts"),
  },
};

/**
 * The program, with the options of the command that `name` asks for.
 *
 * Everything commander finds wrong is thrown as a `CommanderError` after one line on stderr.
 */
export async function program(
  name: string | undefined,
  exit: (code: number) => void,
): Promise<Command> {
  const root = new Command("ipc-taxonomy")
    .description("Measures the whole taxonomy of Unix interprocess communication.")
    .version(VERSION)
    .helpCommand(false);
  strict(root);
  for (const [each, { summary, load }] of Object.entries(COMMANDS)) {
    const command = root.command(each).description(summary);
    strict(command);
    if (each === name) (await load()).define(command, exit);
  }
  return root;
}

function strict(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: print,
      writeErr: (text) => tell(oneError(text)),
      // Help has no colour, so commander need not read the environment for it.
      getOutHasColors: () => false,
      getErrHasColors: () => false,
      getOutHelpWidth: () => columns(80),
      getErrHelpWidth: () => columns(80),
    });
}

/** Commander's error and its suggestion on one line; what was given may hold anything. */
function oneError(text: string): string {
  if (!text.startsWith("error: ")) return text;
  const [error = "", suggestion] = text.slice(7).trim().split(/\n(?=\(Did you mean .*\)$)/);
  return `ipc-taxonomy: ${
    [error, suggestion].filter(Boolean).map((each) => oneLine(each!)).join(" ")
  }\n`;
}
