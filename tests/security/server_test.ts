import { assert, assertEquals } from "@std/assert";
import { serveSite } from "../../reports/html/mod.ts";

const SECRET = "what lies beside the site";

/** Says exactly this to the server, as no browser would, and returns the status and the body. */
async function say(port: number, request: string): Promise<{ status: number; text: string }> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(request));
  const parts: Uint8Array[] = [];
  try {
    for await (const part of connection.readable) parts.push(part);
  } catch {
    // The server ends connections that it does not like.
  }
  const text = parts.map((part) => new TextDecoder("latin1").decode(part)).join("");
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
}

const line = (target: string, method = "GET", host = "127.0.0.1") =>
  `${method} ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

Deno.test("over a real socket, the server hands out nothing beside its site", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
  const stop = new AbortController();
  try {
    await Deno.mkdir(`${folder}/site/below`, { recursive: true });
    await Deno.writeTextFile(`${folder}/secret.txt`, SECRET);
    await Deno.writeTextFile(`${folder}/site/index.html`, "front");
    await Deno.symlink(`${folder}/secret.txt`, `${folder}/site/link.txt`);
    await Deno.symlink("..", `${folder}/site/below/up`);
    await Deno.symlink(folder, `${folder}/site/out`);
    const server = serveSite(`${folder}/site`, { port: 0, signal: stop.signal });
    const { port } = server.addr;
    assertEquals((await say(port, line("/"))).status, 200);
    const targets = [
      ...["/../secret.txt", "/below/../../secret.txt", "/./../secret.txt", "/../../../etc/passwd"],
      ...[
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/..%2fsecret.txt",
        "/%252e%252e/secret.txt",
      ],
      ...["/..\\secret.txt", "/..%5csecret.txt", "/%c0%ae%c0%ae/secret.txt", "/..;/secret.txt"],
      ...["//etc/passwd", "/\\etc/passwd", "/%00/../secret.txt", "/secret.txt%00.html", "/.."],
      ...["/link.txt", "/out/secret.txt", "/below/up/../secret.txt", "/below/up/up/secret.txt"],
      ...["http://127.0.0.1/../secret.txt", "file:///etc/passwd", "*", "secret.txt", "", "/%"],
      `${folder}/secret.txt`,
      `/${encodeURIComponent(folder)}/secret.txt`,
      `/${"a/".repeat(20_000)}`,
      `/${"../".repeat(1_000)}etc/passwd`,
    ];
    for (const target of targets) {
      const { status, text } = await say(port, line(target));
      const told = `${target.slice(0, 80)}: ${status} ${text.slice(-200)}`;
      assert(!text.includes(SECRET) && !text.includes("root:"), told);
      // What leads back to the site's own front shows that.
      const front = status === 200 && text.endsWith("\r\nfront");
      assert(front || status === 0 || (status >= 300 && status < 500), told);
    }
    for (
      const method of ["POST", "PUT", "DELETE", "TRACE", "CONNECT", "PATCH", "get", "X".repeat(99)]
    ) {
      const { status } = await say(port, line("/", method));
      assert([0, 400, 404, 405, 421].includes(status), `${method}: ${status}`);
    }
    for (const host of ["rebound.example", "127.0.0.1.rebound.example", "[::ffff:7f00:1]"]) {
      const { status, text } = await say(port, line("/", "GET", host));
      assert(status !== 200, `${host}: ${text}`);
    }
    // It still serves, and nothing was put down.
    assertEquals((await say(port, line("/"))).status, 200);
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "secret.txt",
      "site",
    ]);
    stop.abort();
    await server.finished;
  } finally {
    stop.abort();
    await Deno.remove(folder, { recursive: true });
  }
});
