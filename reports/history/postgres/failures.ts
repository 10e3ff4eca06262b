/**
 * What PostgreSQL and the way to it say, as one line for the user: whose fault, and what would do.
 *
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @module
 */
import { InputError, SuiteError, UserError } from "../../../workloads/runner/errors.ts";
import { codeOf, TlsError } from "./connect.ts";

/** The server went away, is starting, stopping or full up: another attempt may reach it. */
const AWAY = new Set([
  ...["08000", "08001", "08003", "08004", "08006", "57P01", "57P02", "57P03", "53300"],
  ...["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECT_TIMEOUT", "CONNECTION_ENDED"],
  ...["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ENOENT", "ETIMEDOUT"],
  ...["EHOSTUNREACH", "ENETUNREACH", "EAI_AGAIN", "EAGAIN"],
]);

/** Two transactions met; the one that is told so begins again. */
const MET = new Set(["40001", "40P01", "55P03"]);

/** Whether the same may succeed a moment later. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error) ?? "";
  return AWAY.has(code) || MET.has(code);
}

/** Whether it is about what was to be stored: wrong values, broken constraints, too long for an index. */
export function isOfTheData(error: unknown): boolean {
  return /^(?:22|23|54)/.test(codeOf(error) ?? "");
}

const REFUSED: Readonly<Record<string, string>> = {
  "28P01": "the server refuses this user or password; PGPASSWORD may give another",
  "28000": "the server refuses this user from here (pg_hba.conf)",
  "3D000": "the server has no such database",
  "42501": "the user may not do that there",
  "25006": "the server takes no writes; name its primary",
  "22021": "a text has a character that PostgreSQL does not keep (U+0000)",
  "ENOTFOUND": "there is no such host",
};

/** @param display the address without its password */
export function explained(display: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  const code = codeOf(cause) ?? "";
  const message = cause instanceof Error ? cause.message : String(cause);
  const options = { cause };
  const line = (reason: string) => `Cannot use the store ${display}: ${reason}`;
  if (cause instanceof TlsError) {
    return new InputError(line(`${message}; see sslmode and sslrootcert`), options);
  }
  if (cause instanceof Deno.errors.NotCapable) {
    return new InputError(line("this task has no permission for that address"), options);
  }
  const refused = REFUSED[code];
  if (refused !== undefined) return new InputError(line(refused), options);
  if (code === "53100") return new SuiteError(line("the server's disk is full"), options);
  if (AWAY.has(code)) return new SuiteError(line(`the server is away (${code})`), options);
  if (/^42P01|^42703|^3F000/.test(code)) {
    return new InputError(line(`its tables are not those of this suite (${message})`), options);
  }
  return new SuiteError(line(message), options);
}
