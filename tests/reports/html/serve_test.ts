import { assert, assertEquals } from "@std/assert";
import { rebuildOnChange, serveSite, siteHandler } from "../../../reports/html/mod.ts";

/** A site of one page beside a secret that nobody should be handed. */
async function withFolder(body: (site: string, secret: string) => Promise<void>) {
  const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-serve-" });
  try {
    const site = `${folder}/site`;
    await Deno.mkdir(`${site}/facilities`, { recursive: true });
    await Deno.writeTextFile(`${folder}/secret.txt`, "secret");
    await Deno.writeTextFile(`${site}/index.html`, "front");
    await Deno.writeTextFile(`${site}/facilities/index.html`, "facilities");
    await Deno.writeTextFile(`${site}/data.json`, "{}");
    await Deno.symlink(`${folder}/secret.txt`, `${site}/link.txt`);
    await Deno.symlink(folder, `${site}/out`);
    await body(site, `${folder}/secret.txt`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("the server hands out the files of its site and no others", async () => {
  await withFolder(async (site, secret) => {
    const answer = siteHandler(site);
    const get = async (path: string, host = "127.0.0.1:8043") => {
      const response = await answer(new Request(`http://${host}${path}`));
      return { status: response.status, text: (await response.text()).trim() };
    };
    assertEquals(await get("/"), { status: 200, text: "front" });
    assertEquals(await get("/index.html"), { status: 200, text: "front" });
    assertEquals(await get("/facilities/"), { status: 200, text: "facilities" });
    assertEquals((await get("/facilities")).status, 308);
    assertEquals((await get("/data.json")).text, "{}");
    for (
      const path of [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "/facilities/%2e%2e/%2e%2e/secret.txt",
        "/facilities/..%5c..%5csecret.txt",
        "//etc/passwd",
        "/link.txt",
        "/out/secret.txt",
        "/data.json%00.html",
        "/%ff",
        `/${encodeURIComponent(secret)}`,
        "/missing.html",
      ]
    ) {
      const { status, text } = await get(path);
      assertEquals(status, 404, path);
      assert(!text.includes("secret"), path);
    }
  });
});

Deno.test("the server answers GET and HEAD only, and only under its own name", async () => {
  await withFolder(async (site) => {
    const answer = siteHandler(site);
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const response = await answer(new Request("http://127.0.0.1/", { method }));
      assertEquals(response.status, 405);
      assertEquals(response.headers.get("allow"), "GET, HEAD");
      await response.body?.cancel();
    }
    const head = await answer(new Request("http://127.0.0.1/", { method: "HEAD" }));
    assertEquals([head.status, head.headers.get("content-length")], [200, "5"]);
    assertEquals(await head.text(), "");
    const rebound = await answer(new Request("http://rebound.example/"));
    assertEquals(rebound.status, 421);
    await rebound.body?.cancel();
    const open = await siteHandler(site, { anyName: true })(new Request("http://host.example/"));
    assertEquals(await open.text(), "front");
  });
});

Deno.test("the server listens on this machine alone", async () => {
  await withFolder(async (site) => {
    const stop = new AbortController();
    const { promise, resolve } = Promise.withResolvers<string>();
    const server = serveSite(site, { port: 0, signal: stop.signal, listening: resolve });
    try {
      const url = await promise;
      assertEquals(server.addr.hostname, "127.0.0.1");
      const response = await fetch(url);
      assertEquals(await response.text(), "front");
      assertEquals(response.headers.get("x-content-type-options"), "nosniff");
    } finally {
      stop.abort();
      await server.finished;
    }
  });
});

Deno.test("pages are made anew when what they come from changes, and a failure is told", async () => {
  await withFolder(async (site) => {
    const stop = new AbortController();
    const rebuilt = Promise.withResolvers<void>();
    const told = Promise.withResolvers<unknown>();
    let times = 0;
    const done = rebuildOnChange([`${site}/facilities`], () => {
      times++;
      rebuilt.resolve();
      return times === 1 ? Promise.resolve() : Promise.reject(new Error("cannot build"));
    }, { signal: stop.signal, settleMs: 1, failed: told.resolve });
    try {
      await Deno.writeTextFile(`${site}/facilities/new.html`, "new");
      await rebuilt.promise;
      await Deno.writeTextFile(`${site}/facilities/newer.html`, "newer");
      assertEquals(String(await told.promise), "Error: cannot build");
    } finally {
      stop.abort();
      await done;
    }
  });
});
