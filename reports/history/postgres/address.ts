/**
 * The address of a PostgreSQL store, as libpq writes it, and the same without its password.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 * @module
 */
import { InputError } from "../../../workloads/runner/errors.ts";

/** How much of TLS is asked for, in the words of libpq; `allow` is left out, it adds nothing. */
export const SSL_MODES = ["disable", "prefer", "require", "verify-ca", "verify-full"] as const;
export type SslMode = (typeof SSL_MODES)[number];

export interface Address {
  /** A name, an IP address, or the folder of a Unix socket. */
  host: string;
  port: number;
  user: string;
  /** Null where the server needs to ask for none. */
  password: string | null;
  database: string;
  sslMode: SslMode;
  /** A file of certificates (PEM); null for the ones that Deno brings. */
  sslRootCert: string | null;
  /** The whole address but the password; this is what messages show. */
  display: string;
}

const FORM =
  /^postgres(?:ql)?:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]*)(?:\/([^@/?#]*))?(?:\?([^#]*))?$/i;
const NAME = /^[\w.-]+$/;
const IPV6 = /^\[([\da-f:.]+)\]$/i;
const PARAMETERS = ["host", "port", "user", "sslmode", "sslrootcert"];

/**
 * Reads the address of a store.
 *
 * @param password for an address that has none; such as what `PGPASSWORD` says
 * @throws {InputError} it is none; the message repeats nothing that could be a password
 */
export function parseAddress(url: string, password: string | null = null): Address {
  const [, user, secret, authority = "", database, query] = FORM.exec(url) ?? refuse(
    "it is not of the form postgres://USER@HOST:PORT/DATABASE (what is not a letter or digit in a " +
      "password is written as %40 for @, %2F for /)",
  );
  const parameters = parametersOf(query ?? "");
  const [, hostText = "", portText] = /^(.*?)(?::(\d+))?$/.exec(authority)!;
  const host = hostOf(parameters.get("host") ?? decoded(hostText));
  const port = Number(parameters.get("port") ?? portText ?? 5432);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    refuse("its port is none from 1 to 65535");
  }
  const name = parameters.get("user") ?? decoded(user ?? "");
  if (name === "") refuse("it names no user");
  const address = {
    host,
    port,
    user: name,
    password: secret === undefined || secret === "" ? password : decoded(secret),
    database: decoded(database ?? "") || name,
    ...tlsOf(parameters, host),
  };
  return { ...address, display: displayOf(address) };
}

function parametersOf(query: string): URLSearchParams {
  const parameters = new URLSearchParams(query);
  if (parameters.has("password")) refuse("a password belongs before the @, or into PGPASSWORD");
  for (const name of parameters.keys()) {
    if (!PARAMETERS.includes(name)) {
      const shown = NAME.test(name) ? ` (${name.slice(0, 40)})` : "";
      refuse(`it has a parameter${shown} that is none of ${PARAMETERS.join(", ")}`);
    }
  }
  return parameters;
}

function hostOf(text: string): string {
  if (text.startsWith("/")) return text;
  const [, ipv6] = IPV6.exec(text) ?? [];
  if (ipv6 !== undefined) return ipv6;
  if (text === "") return "localhost";
  if (!NAME.test(text)) refuse("its host is no name, no address and no folder of a socket");
  return text;
}

function tlsOf(
  parameters: URLSearchParams,
  host: string,
): Pick<Address, "sslMode" | "sslRootCert"> {
  const system = parameters.get("sslrootcert") === "system";
  const usual = system ? "verify-full" : host.startsWith("/") ? "disable" : "prefer";
  const word = parameters.get("sslmode") ?? usual;
  const sslMode = SSL_MODES.find((mode) => mode === word) ??
    refuse(`its sslmode is none of ${SSL_MODES.join(", ")}`);
  const sslRootCert = system ? null : parameters.get("sslrootcert");
  // As libpq does: who names an authority wants it asked.
  const asked = sslMode === "require" && sslRootCert !== null ? "verify-ca" : sslMode;
  return { sslMode: asked, sslRootCert };
}

function displayOf({ host, port, user, database, sslMode, sslRootCert }: Omit<Address, "display">) {
  const socket = host.startsWith("/");
  const authority = socket ? "" : `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const query = new URLSearchParams();
  if (socket) query.set("host", host);
  if (socket && port !== 5432) query.set("port", String(port));
  if (sslMode !== (socket ? "disable" : "prefer")) query.set("sslmode", sslMode);
  if (sslRootCert !== null) query.set("sslrootcert", sslRootCert);
  const parameters = query.size > 0 ? `?${query.toString().replaceAll("%2F", "/")}` : "";
  const who = encodeURIComponent(user);
  return `postgres://${who}@${authority}/${encodeURIComponent(database)}${parameters}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse("a % in it begins no %41 or the like");
  }
}

function refuse(reason: string): never {
  throw new InputError(`Cannot use the address of the PostgreSQL store: ${reason}`);
}
