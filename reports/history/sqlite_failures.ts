/**
 * What SQLite refuses, in words for the user.
 *
 * @module
 */
import { InputError, SuiteError, UserError } from "../../workloads/runner/errors.ts";

/** What SQLite says where the file is not to blame; the words are those of sqlite3_errstr(). */
const OF_THE_SYSTEM = /locked|full|I\/O error|out of memory|interrupted|too big/;

/** Whether another process has the file, and may have let it go a moment later. */
export function isLocked(error: unknown): boolean {
  return isOfSqlite(error) && /\blocked\b/.test(messageOf(error));
}

/** Whether nothing can be written there, not even what readers need beside the file. */
export function isReadOnly(error: unknown): boolean {
  return isOfSqlite(error) && /readonly|unable to open/.test(messageOf(error));
}

/**
 * What SQLite says as one line for the user; the codes are those of sqlite3.h.
 *
 * @returns an `InputError` where the file is to blame, or who may use it; a `SuiteError` where the
 * system is
 */
export function explained(path: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  const message = messageOf(cause);
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

/** Without the statement that failed, which may follow over several lines. */
function messageOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).split("\n")[0]!;
}

/** Whether it may be due to what is in the file: the statements themselves are right. */
function isOfTheFile(cause: unknown): boolean {
  // Numbers and times that are none, and JSON that is none, come out of rows.
  if (cause instanceof RangeError || cause instanceof SyntaxError) return true;
  return isOfSqlite(cause) || /malformed|not a database/.test(messageOf(cause));
}

function isOfSqlite(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ERR_SQLITE_ERROR";
}
