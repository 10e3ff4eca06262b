/**
 * What SQLite refuses, in words for the user.
 *
 * @module
 */
import { InputError, SuiteError } from "../../workloads/runner/errors.ts";

/** What SQLite says where the file is not to blame; the words are those of sqlite3_errstr(). */
const OF_THE_SYSTEM = /locked|full|I\/O error|out of memory|interrupted|too big/;

/**
 * Does the work. What SQLite says becomes one line for the user; the codes are those of sqlite3.h.
 *
 * @throws {InputError} the file is to blame, or who may use it
 * @throws {SuiteError} the system is
 */
export function translating<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof InputError || cause instanceof SuiteError) throw cause;
    throw explained(path, cause);
  }
}

function explained(path: string, cause: unknown): InputError | SuiteError {
  // A statement that failed may follow, over several lines.
  const [message = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
  const options = { cause };
  if (/readonly|unable to open/.test(message)) {
    return new InputError(`Cannot open the history ${path}: ${message}`, options);
  }
  if (cause instanceof Deno.errors.NotCapable) {
    return new InputError(
      `Cannot open the history ${path}: this task has no permission for that path`,
      options,
    );
  }
  if (isOfTheFile(cause) && !OF_THE_SYSTEM.test(message)) {
    return new InputError(
      `Cannot use the history ${path}: the file is damaged or no SQLite database ` +
        `(${message.trim()}); move it away, or name another with --store`,
      options,
    );
  }
  return new SuiteError(`Cannot use the history ${path}: ${message}`, options);
}

/** Whether it may be due to what is in the file: the statements themselves are right. */
function isOfTheFile(cause: unknown): boolean {
  // Numbers and times that are none, and JSON that is none, come out of rows.
  if (cause instanceof RangeError || cause instanceof SyntaxError) return true;
  const { code, message } = cause as { code?: string; message?: string };
  return code === "ERR_SQLITE_ERROR" || /malformed|not a database/.test(message ?? "");
}
