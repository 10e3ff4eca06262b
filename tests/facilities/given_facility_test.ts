import { assert, assertEquals, assertThrows } from "@std/assert";
import { FacilitySchema } from "../../facilities/facility_schema.ts";
import { asFacility } from "../../facilities/given_facility.ts";
import { BESIDE, LEAVES } from "../../facilities/taxonomy.ts";
import { facility as ring } from "../../examples/my_ring.ts";

// Libraries that they open stay open, which the test must not be blamed for.
const facilities = await Promise.all([...LEAVES, ...BESIDE].map(({ load }) => load()));

Deno.test("every facility of the suite, and the example, passes as a given one", () => {
  for (const { facility } of facilities) {
    assertEquals(asFacility(facility), facility);
  }
  assertEquals(asFacility(ring), ring);
});

const limit = { name: "most", value: 7, source: "here" };
const offer = { create() {}, attach() {} };

Deno.test("what a plan could not use is named, with what it is", () => {
  const rows: [Record<string, unknown>, string][] = [
    [{ id: 5 }, "id is 5, expected a text"],
    [{ id: "A b" }, 'id is "A b", expected lower-case words joined by hyphens'],
    [
      { id: "x".repeat(61) },
      `id is "${"x".repeat(40)}", expected lower-case words joined by hyphens`,
    ],
    [{ title: null }, "title is null, expected a text"],
    [{ title: " " }, 'title is " ", expected 1 to 100 characters'],
    [{ title: "x".repeat(101) }, `title is "${"x".repeat(40)}", expected 1 to 100 characters`],
    [{ origin: {} }, "origin.family is missing"],
    [
      { origin: { ...ring.origin, family: "Plan 9" } },
      'origin.family is "Plan 9", expected System V, BSD, POSIX, Linux, Unix, ECMAScript',
    ],
    [{ origin: undefined }, "origin is undefined, expected an object"],
    [{ semantics: null }, "semantics is null, expected an object"],
    [
      { semantics: { ...ring.semantics, boundaries: "lines" } },
      'semantics.boundaries is "lines", expected stream, message, none',
    ],
    [{ semantics: { ...ring.semantics, peek: 1 } }, "semantics.peek is 1, expected true, false"],
    [{ semantics: {} }, "semantics.boundaries is missing"],
    [
      { semantics: { ...ring.semantics, polable: false } },
      "semantics.polable is not a known field",
    ],
    [
      { variants: [{ id: "spin", summary: "", semantics: { peek: "no" } }] },
      'variants.0.semantics.peek is "no", expected true, false',
    ],
    [
      { variants: [{ id: "spin", summary: "", semantics: { peeks: true } }] },
      "variants.0.semantics.peeks is not a known field",
    ],
    [
      { variants: [{ id: "spin", summary: "", title: 1 }] },
      "variants.0.title is 1, expected a text",
    ],
    [{ variants: {} }, "variants is an object, expected a list"],
    [{ variants: [null] }, "variants.0 is null, expected an object"],
    [{ variants: [] }, "variants is an empty list, expected one at least, or none of the field"],
    [
      { variants: [{ id: "a", summary: "" }, { id: "a", summary: "" }] },
      'variants is "a,a", expected ids that differ',
    ],
    [{ limits: undefined }, "limits is undefined, expected a function"],
    [{ limits: () => 1 }, "what limits() returns is 1, expected a list"],
    [
      { limits: () => [{ ...limit, value: NaN }] },
      "what limits() returns, value is NaN, expected a number",
    ],
    [
      { usualParticipants: "actor" },
      'usualParticipants is "actor", expected undefined, process, thread',
    ],
    [
      { inapplicable: () => 1 },
      'what inapplicable("process") returns is 1, expected a text',
    ],
    [{ remark: "none" }, 'remark is "none", expected a function'],
    [
      { channel: undefined },
      "channel, notifier, lock, region is undefined, expected one of them at least",
    ],
    [{ channel: 1 }, "channel is 1, expected an object"],
    [{ channel: {} }, "channel.create is missing"],
    [{ channel: { ...offer, attach: null } }, "channel.attach is null, expected a function"],
    [{ channel: { ...offer, variants: ["none"] } }, 'channel.variants is "none", expected spin'],
    [
      { channel: { ...offer, largestMessage: () => ({ ...limit, source: 5 }) } },
      "what channel.largestMessage() returns, source is 5, expected a text",
    ],
    [
      { channel: { ...offer, capacities: () => [0.5] } },
      "what channel.capacities() returns is 0.5, expected bytes",
    ],
  ];
  for (const [change, message] of rows) {
    const error = assertThrows(() => asFacility({ ...ring, ...change }), TypeError);
    assertEquals(error.message, message);
  }
  for (const value of [undefined, null, 1, "pipe"]) {
    assertThrows(() => asFacility(value), TypeError);
  }
});

Deno.test("every semantic that is declared is checked, of a facility and of a variant", () => {
  const { semantics, variants } = FacilitySchema.pipe[0].entries;
  const all = semantics.pipe[0].entries;
  const ofVariant = variants.wrapped.pipe[0].item.pipe[0].entries.semantics.wrapped.pipe[0].entries;
  assertEquals(Object.keys(ofVariant), Object.keys(all));
  // What the taxonomy's own facilities declare is all there is.
  const declared = facilities.flatMap(({ facility }) => Object.keys(facility.semantics));
  assertEquals(Object.keys(all).toSorted(), [...new Set(declared)].toSorted());
  for (const name of Object.keys(all)) {
    const wrong = { [name]: "maybe" };
    const [variant] = ring.variants!;
    for (
      const [change, where] of [
        [{ semantics: { ...ring.semantics, ...wrong } }, "semantics"],
        [{ variants: [{ ...variant, semantics: wrong }] }, "variants.0.semantics"],
      ] as const
    ) {
      const error = assertThrows(() => asFacility({ ...ring, ...change }), TypeError);
      assert(error.message.startsWith(`${where}.${name} is "maybe", expected `), error.message);
    }
  }
});
