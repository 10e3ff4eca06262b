import { assertEquals, assertThrows } from "@std/assert";
import { Aborted, Rendezvous } from "../../../workloads/runner/rendezvous.ts";

// What it opens of the C library stays open.
Rendezvous.create()[Symbol.dispose]();

Deno.test("whoever comes while a reason is being written learns the whole reason", async () => {
  const aborter = `
    import { Rendezvous } from ${
    JSON.stringify(import.meta.resolve("../../../workloads/runner/rendezvous.ts"))
  };
    // The reason is written byte by byte, and this one takes its time.
    const encodeInto = TextEncoder.prototype.encodeInto;
    TextEncoder.prototype.encodeInto = function (text, into) {
      self.postMessage("writing");
      const end = performance.now() + 200;
      while (performance.now() < end);
      return encodeInto.call(this, text, into);
    };
    self.onmessage = ({ data }) => {
      using meeting = new Rendezvous(data);
      meeting.abort("the peer gave up");
      self.postMessage("gave up");
    };
    self.postMessage("ready");
  `;
  using page = Rendezvous.create();
  using meeting = new Rendezvous(page.fd);
  const url = `data:text/typescript,${encodeURIComponent(aborter)}`;
  const worker = new Worker(url, { type: "module" });
  const said = () => new Promise((resolve) => worker.onmessage = ({ data }) => resolve(data));
  assertEquals(await said(), "ready");
  worker.postMessage(page.fd);
  assertEquals(await said(), "writing");
  const gone = said();
  assertThrows(() => meeting.meet("all", 2), Aborted, "the peer gave up");
  assertEquals(await gone, "gave up");
  worker.terminate();
});
