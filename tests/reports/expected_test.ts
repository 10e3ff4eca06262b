import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { checksOf } from "../../reports/expected.ts";
import { kneeOf, kneesOf } from "../../reports/knee.ts";
import type { MeasuredCell, RunDocument } from "../../workloads/runner/document.ts";

function cell(id: string, given: Partial<MeasuredCell>): MeasuredCell {
  const [workload, name, size] = id.split("/");
  const [facility, variant] = name!.split(":");
  return {
    id,
    status: "measured",
    workload,
    facility,
    ...(variant && { variant }),
    sizeBytes: Number(size),
    placement: "same-cpu",
    participants: "process",
    estimate: 1,
    ci95: [1, 1],
    trials: [{}, {}],
    ...given,
  } as MeasuredCell;
}

const burst = (name: string, size: number, estimate: number, more: Partial<MeasuredCell> = {}) =>
  cell(`burst/${name}/${size}/same-cpu/process/1`, {
    estimate,
    ci95: [estimate, estimate],
    ...more,
  });

const runOf = (cells: MeasuredCell[]) => ({ cells }) as unknown as RunDocument;
const verdicts = (cells: MeasuredCell[]) =>
  Object.fromEntries(checksOf(runOf(cells)).map(({ id, verdict }) => [id, verdict]));

Deno.test("a run without bursts and pairs says that nothing was measured", () => {
  assertEquals(new Set(Object.values(verdicts([]))), new Set(["not measured"]));
});

Deno.test("a pipe's capacity is expected of whole pages only, and follows F_SETPIPE_SZ", () => {
  const asked = { parameters: { capacityBytes: 4096 } };
  const good = verdicts([
    burst("pipe", 4096, 65_536),
    burst("pipe", 3000, 48_000),
    burst("pipe", 4096, 4096, asked),
  ]);
  assertEquals(good["pipe-capacity"], "as expected");
  assertEquals(good["pipe-capacity-asked-for"], "as expected");
  assertEquals(good["fifo-capacity"], "not measured");
  const bad = verdicts([burst("pipe", 4096, 65_535), burst("pipe", 4096, 65_536, asked)]);
  assertEquals(bad["pipe-capacity"], "unexpected");
  assertEquals(bad["pipe-capacity-asked-for"], "unexpected");
});

Deno.test("a queue holds what it declares, not what others do", () => {
  const check = (estimate: number) =>
    verdicts([burst("posix-message-queue", 64, estimate, { declared: 640 })]);
  assertEquals(check(640)["posix-message-queue-capacity"], "as expected");
  assertEquals(check(704)["posix-message-queue-capacity"], "unexpected");
});

Deno.test("what shares a path through the kernel has intervals that overlap", () => {
  const pairs = (apart: number) =>
    Array.from({ length: 10 }, (_, at) => {
      const rest = `${2 ** at}/same-cpu/process/2`;
      const far = at < apart;
      return [
        cell(`round-trip/pipe/${rest}`, { ci95: [10, 11] }),
        cell(`round-trip/fifo/${rest}`, { ci95: far ? [12, 13] : [11, 12] }),
        cell(`round-trip/unix-stream:socketpair/${rest}`, { ci95: [10, 11] }),
        cell(`round-trip/unix-stream:pathname/${rest}`, { ci95: [9, 10] }),
      ];
    }).flat();
  assertEquals(verdicts(pairs(1))["pipe-and-fifo"], "as expected");
  assertEquals(verdicts(pairs(2))["pipe-and-fifo"], "unexpected");
  assertEquals(verdicts(pairs(2))["unix-stream-variants"], "as expected");
  const single = pairs(10).map((each) => ({ ...each, trials: each.trials.slice(1) }));
  assertEquals(verdicts(single)["pipe-and-fifo"], "not measured");
  const [found] = checksOf(runOf(pairs(2))).filter(({ id }) => id === "pipe-and-fifo");
  assertEquals([found!.observed, found!.cells.length], ["8 of 10 overlap", 20]);
});

const SIZES = [1, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576];

Deno.test("a knee is found where time begins to grow with size", () => {
  for (const at of [64, 4096, 65_536]) {
    const points = SIZES.map((sizeBytes) => ({
      sizeBytes,
      ns: 5_000 * Math.max(1, sizeBytes / at),
    }));
    const knee = kneeOf(points.toReversed());
    assert(knee);
    assertEquals(knee.sizeBytes, at);
    assertAlmostEquals(knee.slopeBefore, 0, 1e-6);
    assertAlmostEquals(knee.slopeAfter, 1, 1e-6);
  }
});

Deno.test("a fixed price and a price a byte meet at the knee", () => {
  const points = SIZES.map((sizeBytes) => ({ sizeBytes, ns: 4_000 + sizeBytes / 4 }));
  const knee = kneeOf(points)!;
  assert(knee.sizeBytes >= 4096 && knee.sizeBytes <= 65_536, `${knee.sizeBytes}`);
  assert(knee.slopeBefore < 0.2 && knee.slopeAfter > 0.7);
});

Deno.test("what is straight, bends down, or has few points has no knee", () => {
  const curve = (ns: (size: number) => number, sizes = SIZES) =>
    kneeOf(sizes.map((sizeBytes) => ({ sizeBytes, ns: ns(sizeBytes) })));
  assertEquals(curve((size) => size), null);
  assertEquals(curve(() => 5_000), null);
  assertEquals(curve((size) => 1 + Math.min(size, 4096)), null);
  assertEquals(curve((size) => Math.max(1, size / 64), SIZES.slice(0, 4)), null);
});

Deno.test("runs kept awake and not are two curves", () => {
  const curve = (awake: boolean, at: number) =>
    SIZES.map((size) =>
      cell(`round-trip/pipe/${size}/same-cpu/process/2`, {
        awake,
        estimate: Math.max(1, size / at),
      })
    );
  const knees = kneesOf(runOf([...curve(false, 4096), ...curve(true, 65_536)]));
  assertEquals(knees.map(({ awake, knee }) => [awake, knee?.sizeBytes]), [
    [false, 4096],
    [true, 65_536],
  ]);
});

Deno.test("each curve of a run has a knee of its own", () => {
  const curve = (name: string, at: number) =>
    SIZES.map((size) =>
      cell(`round-trip/${name}/${size}/same-cpu/process/2`, { estimate: Math.max(1, size / at) })
    );
  const knees = kneesOf(runOf([
    ...curve("pipe", 4096),
    ...curve("unix-stream:pathname", 65_536),
    ...curve("eventfd", 4096).slice(0, 2),
  ]));
  assertEquals(knees.map(({ facility, variant, knee }) => [facility, variant, knee?.sizeBytes]), [
    ["pipe", undefined, 4096],
    ["unix-stream", "pathname", 65_536],
  ]);
});
