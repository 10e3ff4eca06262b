/** Calls on sockets that must fail, and who must not get in. */
import { assertEquals, assertThrows } from "@std/assert";
import { facility as tcp } from "../../../facilities/communication/byte_stream/tcp.ts";
import { facility as unixStream } from "../../../facilities/communication/byte_stream/unix_stream.ts";
import type { Channel } from "../../../facilities/facility.ts";
import {
  AF_INET,
  AF_UNIX,
  bind,
  connect,
  inetAddress,
  listen,
  localPort,
  sendBytes,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_SEQPACKET,
  SOCK_STREAM,
  socket,
  socketpair,
  SOL_SOCKET,
  unixAddress,
} from "../../../facilities/libc/sys_socket.ts";
import { close, pipe2 } from "../../../facilities/libc/unistd.ts";
import { limit } from "../../../facilities/limits.ts";
import { Scope } from "../../../facilities/scope.ts";
import { CAN_BECOME_NOBODY, checkRows } from "../rows.ts";
import { withFolder } from "../together.ts";

const LOOPBACK = "127.0.0.1";
const NO_SUCH_TYPE = 9;
const NO_SUCH_OPTION = 999;
/** Reserved for documentation (RFC 5737), so no interface has it. */
const FOREIGN = "203.0.113.1";

Deno.test("calls on UNIX sockets fail as documented", async () => {
  using opened = new DisposableStack();
  const fresh = (type: number) => opened.adopt(socket(AF_UNIX, type | SOCK_CLOEXEC), close);
  const pair = (type: number) => socketpair(AF_UNIX, type).map((end) => opened.adopt(end, close));
  const largest = limit.unixMaxMessage().value;
  const [stream] = pair(SOCK_STREAM);
  const [widow] = pair(SOCK_STREAM);
  const [datagram] = pair(SOCK_DGRAM);
  const [packets] = pair(SOCK_SEQPACKET);
  const [readEnd] = pipe2().map((end) => opened.adopt(end, close));
  const [orphan, closed] = socketpair(AF_UNIX, SOCK_STREAM);
  opened.adopt(orphan, close);
  close(closed);

  await withFolder(async (folder) => {
    const path = `${folder}/bound`;
    const bound = fresh(SOCK_STREAM);
    bind(bound, unixAddress(path));
    const silent = `${folder}/silent`;
    bind(fresh(SOCK_DGRAM), unixAddress(silent));
    await checkRows([
      { call: "socket", args: [9_999, SOCK_STREAM], errno: "EAFNOSUPPORT" },
      { call: "socket", args: [AF_UNIX, NO_SUCH_TYPE], errno: "ESOCKTNOSUPPORT" },
      { call: "bind_unix", args: [fresh(SOCK_STREAM), path], errno: "EADDRINUSE" },
      { call: "bind_unix", args: [bound, `${folder}/again`], errno: "EINVAL" },
      { call: "bind_unix", args: [fresh(SOCK_STREAM), `${folder}/no/where`], errno: "ENOENT" },
      { call: "listen", args: [datagram!], errno: "EOPNOTSUPP" },
      { call: "connect_unix", args: [fresh(SOCK_STREAM), `${folder}/none`], errno: "ENOENT" },
      { call: "connect_unix", args: [fresh(SOCK_STREAM), path], errno: "ECONNREFUSED" },
      { call: "connect_unix", args: [fresh(SOCK_SEQPACKET), path], errno: "EPROTOTYPE" },
      { call: "connect_unix", args: [fresh(SOCK_STREAM), silent], errno: "EPROTOTYPE" },
      { call: "connect_unix", args: [fresh(SOCK_DGRAM), silent], errno: "EACCES", who: "nobody" },
      { call: "send", args: [fresh(SOCK_DGRAM), 1], errno: "ENOTCONN" },
      { call: "send", args: [orphan, 1], errno: "EPIPE" },
      { call: "send", args: [readEnd!, 1], errno: "ENOTSOCK" },
      { call: "send", args: [datagram!, largest], errno: null },
      { call: "send", args: [datagram!, largest + 1], errno: "EMSGSIZE" },
      { call: "send", args: [packets!, largest], errno: null },
      { call: "send", args: [packets!, largest + 1], errno: "EMSGSIZE" },
      { call: "recv", args: [widow!, 1], errno: "EAGAIN" },
      { call: "recv", args: [bound, 1], errno: "EINVAL" },
      { call: "setsockopt", args: [stream!, SOL_SOCKET, NO_SUCH_OPTION], errno: "ENOPROTOOPT" },
      { call: "getsockopt_SO_PEERCRED", args: [stream!], errno: null },
      { call: "getsockopt_SO_PEERCRED", args: [readEnd!], errno: "ENOTSOCK" },
    ]);
  });
});

Deno.test("calls on Internet sockets fail as documented", async () => {
  using opened = new DisposableStack();
  const fresh = (type: number) => opened.adopt(socket(AF_INET, type | SOCK_CLOEXEC), close);
  const bound = (type: number) => {
    const fd = fresh(type);
    bind(fd, inetAddress(LOOPBACK, 0));
    return [fd, localPort(fd)] as const;
  };
  const [listener, port] = bound(SOCK_STREAM);
  const [datagram, itself] = bound(SOCK_DGRAM);
  connect(datagram, inetAddress(LOOPBACK, itself));
  const [, quiet] = bound(SOCK_STREAM);
  listen(listener, 1);
  await checkRows([
    { call: "socket", args: [AF_INET, SOCK_SEQPACKET], errno: "ESOCKTNOSUPPORT" },
    { call: "bind_inet", args: [fresh(SOCK_STREAM), LOOPBACK, port], errno: "EADDRINUSE" },
    { call: "bind_inet", args: [fresh(SOCK_DGRAM), LOOPBACK, itself], errno: "EADDRINUSE" },
    { call: "bind_inet", args: [fresh(SOCK_STREAM), FOREIGN, 0], errno: "EADDRNOTAVAIL" },
    { call: "connect_inet", args: [fresh(SOCK_STREAM), LOOPBACK, quiet], errno: "ECONNREFUSED" },
    { call: "connect_inet", args: [fresh(SOCK_STREAM), LOOPBACK, port], errno: null },
    // Any user may: that is why a token is asked for.
    {
      call: "connect_inet",
      args: [fresh(SOCK_STREAM), LOOPBACK, port],
      errno: null,
      who: "nobody",
    },
    { call: "send", args: [fresh(SOCK_STREAM), 1], errno: "EPIPE" },
    { call: "send", args: [fresh(SOCK_DGRAM), 1], errno: "EDESTADDRREQ" },
    { call: "send", args: [datagram, limit.udpMaxDatagram().value], errno: null },
    { call: "send", args: [datagram, limit.udpMaxDatagram().value + 1], errno: "EMSGSIZE" },
    { call: "recv", args: [datagram, 1], errno: null },
    { call: "recv", args: [datagram, 1], errno: "EAGAIN" },
    { call: "recv", args: [fresh(SOCK_STREAM), 1], errno: "ENOTCONN" },
  ]);
});

Deno.test("tcp: whoever does not know the token is turned away", async () => {
  await withFolder(async (folder) => {
    using scope = new Scope(`${folder}/scope`);
    const options = { maxBytes: 4, participants: "thread", count: 2, scope } as const;
    using created = await tcp.channel!.create(options);
    using strangers = new DisposableStack();
    const says: Uint8Array<ArrayBuffer>[] = [
      new Uint8Array(16), // a wrong token
      new Uint8Array(8), // half of one, and silence
      new Uint8Array(0), // nothing, and an end
    ];
    for (const said of says) {
      const stranger = strangers.adopt(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC), close);
      connect(stranger, inetAddress(LOOPBACK, created.link.port));
      sendBytes(stranger, said);
    }
    using peer = await tcp.channel!.attach(created.link, "peer");
    using initiator = await tcp.channel!.attach(created.link, "initiator");
    exchange(initiator, peer);
    exchange(peer, initiator);
  });
});

function exchange(from: Channel, to: Channel): void {
  from.prepare(4);
  to.prepare(4);
  from.outgoing().bytes.set([1, 2, 3, 4]);
  from.send(4);
  assertEquals([...to.receive(4).bytes.subarray(0, 4)], [1, 2, 3, 4]);
}

Deno.test({
  name: "unix-stream: another user who connects is not trusted",
  ignore: !CAN_BECOME_NOBODY,
  async fn() {
    await withFolder(async (folder) => {
      using scope = new Scope(`${folder}/scope`);
      const variant = "pathname";
      const options = { variant, maxBytes: 4, participants: "thread", count: 2, scope } as const;
      using created = await unixStream.channel!.create(options);
      // The doors that keep others out are opened, so that the last one is tried.
      const { path } = created.link;
      const stranger = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC);
      try {
        await checkRows([
          { call: "connect_unix", args: [stranger, path], errno: "EACCES", who: "nobody" },
        ]);
        for (const each of [folder, scope.folder]) Deno.chmodSync(each, 0o755);
        await checkRows([
          { call: "connect_unix", args: [stranger, path], errno: "EACCES", who: "nobody" },
        ]);
        Deno.chmodSync(path, 0o666);
        await checkRows([
          { call: "connect_unix", args: [stranger, path], errno: null, who: "nobody" },
        ]);
        const attach = () => unixStream.channel!.attach(created.link, "initiator");
        assertThrows(attach, Error, "user 65534 is at its other end");
      } finally {
        close(stranger);
      }
    });
  },
});
