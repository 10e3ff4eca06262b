/** Every channel in one participant that sends to itself, and nothing left behind. */
import { assertEquals } from "@std/assert";
import type { Facility } from "../../../facilities/facility.ts";
import { listFolder } from "../../../facilities/libc/files.ts";
import { removeScope, Scope } from "../../../facilities/scope.ts";
import { LEAVES } from "../../../facilities/taxonomy.ts";
import { leavingNothing, withFolder } from "../together.ts";

const FACILITIES: Facility[] = [];
for (const { place, load } of LEAVES) {
  if (place[0] === "communication") FACILITIES.push((await load()).facility);
}

/** Of several pages, where the facility carries that. */
const MAX_BYTES = 10_000;

for (const { id, channel, variants = [] } of FACILITIES) {
  if (!channel) continue;
  const known = channel.variants ?? variants.map(({ id }) => id);
  for (const variant of known.length > 0 ? known : [undefined]) test(id, channel, variant);
}

function test(id: string, offer: NonNullable<Facility["channel"]>, variant?: string): void {
  const name = [id, variant].filter(Boolean).join(" ");
  Deno.test(`${name}: is used twice by one and leaves nothing behind`, async () => {
    const maxBytes = Math.min(MAX_BYTES, offer.largestMessage?.(variant)?.value ?? MAX_BYTES);
    await leavingNothing(() =>
      withFolder(async (folder) => {
        const before = listFolder("/proc/self/fd");
        const scope = new Scope(`${folder}/scope`);
        const options = { variant, maxBytes, participants: "thread", count: 1, scope } as const;
        const created = await offer.create(options);
        for (let turn = 0; turn < 2; turn++) {
          const channel = await offer.attach(created.link, "solo");
          for (const length of [1, 100, Math.min(maxBytes, 4_000)]) {
            const message = Uint8Array.from({ length }, (_, at) => at * 31 + length + turn);
            channel.prepare(length);
            for (let again = 0; again < 2; again++) {
              channel.outgoing().bytes.set(message);
              channel.send(length);
              assertEquals(channel.receive(length).bytes.slice(0, length), message);
            }
          }
          channel[Symbol.dispose]();
          channel[Symbol.dispose]();
        }
        created[Symbol.dispose]();
        created[Symbol.dispose]();
        assertEquals(removeScope(scope.folder), []);
        scope[Symbol.dispose]();
        assertEquals(listFolder("/proc/self/fd"), before);
      })
    );
  });
}
