/**
 * The command line as a task runs it: `called_from.ts FOLDER COMMAND [ARGUMENT...]`.
 *
 * It starts in the checkout, below which results lie unless they are given a place, and goes on in
 * FOLDER, from where the paths are meant that a user gives.
 *
 * @module
 */
import { keepResultsBelow } from "../reports/result_paths.ts";
import { reasonOf } from "../workloads/runner/errors.ts";
import { end } from "./ending.ts";
import { main } from "./main.ts";
import { complain } from "./standard_streams.ts";

const [folder = ".", ...args] = Deno.args;
keepResultsBelow(Deno.cwd());
try {
  Deno.chdir(folder);
} catch (cause) {
  complain(`Cannot run in ${folder}: ${reasonOf(cause)}`);
  end(2);
}
main(args);
