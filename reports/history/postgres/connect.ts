/**
 * Sockets to a PostgreSQL server, with TLS as the address asks for it.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import net from "node:net";
import tls from "node:tls";
import type { Address } from "./address.ts";

/** A server that has not answered by then is away. */
const CONNECT_MS = 5_000;

/** The length, and the code that asks for TLS. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const SSL_REQUEST = new Uint8Array([0, 0, 0, 8, 4, 210, 22, 47]);

/** What stands in the way of TLS; the server itself is there. */
export class TlsError extends Error {}

/**
 * Connects, up to where the server waits for the startup message.
 *
 * @throws {TlsError} the server has no TLS, or its certificate is not accepted
 * @throws {Error} it cannot be reached; `code` is the errno's name, or `ETIMEDOUT`
 */
export async function connect(address: Address): Promise<net.Socket> {
  const { host, port, sslMode } = address;
  const plain = host.startsWith("/")
    ? net.connect({ path: `${host}/.s.PGSQL.${port}` })
    : net.connect({ host, port });
  try {
    await arrived(plain, "connect");
    if (sslMode === "disable") return plain;
    plain.write(SSL_REQUEST);
    const [answer] = await arrived(plain, "data") as Uint8Array;
    if (answer === 0x53) return await secured(plain, address);
    if (sslMode === "prefer") return plain;
    throw new TlsError("the server offers no TLS");
  } catch (error) {
    plain.destroy();
    throw error;
  }
}

async function secured(plain: net.Socket, address: Address): Promise<tls.TLSSocket> {
  const { host, sslMode, sslRootCert } = address;
  const socket = tls.connect({
    socket: plain,
    host,
    ...(net.isIP(host) === 0 && { servername: host }),
    ...(sslRootCert !== null && { ca: certificates(sslRootCert) }),
    rejectUnauthorized: sslMode === "verify-ca" || sslMode === "verify-full",
    ...(sslMode === "verify-ca" && { checkServerIdentity: () => undefined }),
  });
  try {
    await arrived(socket, "secureConnect");
    return socket;
  } catch (cause) {
    socket.destroy();
    if (codeOf(cause) === "ETIMEDOUT") throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new TlsError(`the server's certificate is not accepted: ${reason}`, { cause });
  }
}

function certificates(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new TlsError(`sslrootcert ${path} cannot be read`, { cause });
  }
}

/** What comes with an event, once it has come; no listener stays behind. */
function arrived(socket: net.Socket, event: string): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const failed = (code: string, message: string) =>
    reject(Object.assign(new Error(message), { code }));
  const timer = setTimeout(() => failed("ETIMEDOUT", "no answer"), CONNECT_MS);
  const closed = () => failed("ECONNRESET", "the connection was closed");
  socket.once(event, resolve).once("error", reject).once("close", closed);
  return promise.finally(() => {
    clearTimeout(timer);
    socket.off(event, resolve).off("error", reject).off("close", closed);
  });
}

/** The SQLSTATE, or the name of the errno. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
