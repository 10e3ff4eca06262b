// @gate both alone

import { assert } from "@std/assert";
import fc from "fast-check";
import { COMMANDS } from "../../cli/program.ts";
import { STRATEGIES } from "../../facilities/communication/shared_memory/waiting.ts";
import { BESIDE, LEAVES } from "../../facilities/taxonomy.ts";
import { WORKLOADS } from "../../workloads/catalogue.ts";
import { PLACEMENT_CLASSES } from "../../workloads/runner/placement.ts";
import { fuzz, namesIn, orderly } from "./property.ts";
import { hostileText } from "./values.ts";

/** Whether a text is what an option takes, by the contract and not by the code that reads it. */
type Contract = (text: string) => boolean;

const WORDS = {
  facility: [...LEAVES, ...BESIDE].map(({ id }) => id),
  workload: WORKLOADS,
  placement: [...PLACEMENT_CLASSES, "cross-cpu"],
  participants: ["process", "thread"],
  wait: STRATEGIES.map(({ id }) => id),
};

const among = (words: readonly string[]): Contract => (text) => {
  const given = text.split(",").map((word) => word.trim()).filter(Boolean);
  return given.length > 0 && given.every((word) => words.includes(word));
};

const whole = (least: number, most: number): Contract => (text) =>
  /^[0-9]+$/.test(text) && Number(text) >= least && Number(text) <= most;

const UNITS = ["", "B", "kB", "MB", "GB", "TB", "kib", "mib", "gib", "tib"];
const size: Contract = (text) => {
  const [, digits, unit] = /^([0-9.]+)\s*([A-Za-z]*)$/.exec(text.trim()) ?? [];
  if (digits === undefined || !/^[0-9]+(\.[0-9]+)?$/.test(digits)) return false;
  // Letters of either case say 1,024 alike; 1,000 is said in one way.
  const index = UNITS.indexOf(/i/i.test(unit!) ? unit!.toLowerCase() : unit!);
  const power = index < 2 ? 0 : (index - 2) % 4 + 1;
  const bytes = Number(digits) * (index < 6 ? 1000 : 1024) ** power;
  return index >= 0 && Number.isInteger(bytes) && bytes >= 1 && bytes <= 64 * 2 ** 20;
};
const sizes: Contract = (text) => {
  const given = text.split(",").map((word) => word.trim()).filter(Boolean);
  return given.length > 0 && given.every(size);
};

const span: Contract = (text) => {
  const match = /^([0-9]+(?:\.[0-9]+)?)\s*(ms|s|m|min|h)?$/.exec(text);
  if (!match) return false;
  const factor = { ms: 1e-3, s: 1, m: 60, min: 60, h: 3600 }[match[2] ?? "s"]!;
  const seconds = Number(match[1]) * factor;
  return seconds > 0 && seconds <= 7 * 24 * 3600;
};

const share: Contract = (text) => {
  const percent = /^([0-9]+(?:\.[0-9]+)?)\s*%$/.exec(text)?.[1];
  return percent !== undefined && Number(percent) > 0 && Number(percent) <= 100;
};

/** The options that `bench` and its kind read before they begin, and what each of them takes. */
const MEASURING: Readonly<Record<string, Contract>> = {
  "--facility": among(WORDS.facility),
  "--workload": among(WORDS.workload),
  "--size": sizes,
  "--placement": among(WORDS.placement),
  "--participants": among(WORDS.participants),
  "--wait": among(WORDS.wait),
  "--profile": (text) => ["quick", "standard", "thorough"].includes(text),
  "--trials": whole(1, 10_000),
  "--budget": span,
  "--seed": whole(0, 2 ** 32 - 1),
};

/** Texts near to what is right. */
const near = fc.oneof(
  fc.constantFrom(
    ...["0", "1", "-1", "007", "1.5", "1e3", "1e400", "0x1F", "٣", "1_000", " 5", "5 ", "+5"],
    ...["10001", "4294967296", "99999999999999999999", "60s", "60 s", "60S", "1d", "8d", "169h"],
    ...["0s", "0.0001ms", "1h30m", "64", "64B", "64KiB", "0.5KiB", "64MiB", "65MiB", "1TiB"],
    ...["1.0001KiB", "64 KiB", "4K", "1,64,", ",", ",,", "1,,2", "64,x", "10%", "0%", "1000%"],
    ...["1001%", "10 %", "%", "pip", "pipe", "pipe,", "pipe,fifo", "PIPE", "pipe fifo", "quick"],
    ...["Quick", "fast", "process", "thread", "processes", "same-cpu", "same_cpu", "spin", "sleep"],
  ),
  hostileText,
);

const plain = (text: string) => !text.includes("\0") && !text.startsWith("-");

/** A line whose one wrong option is why it is refused. */
const wrongOption = fc.tuple(
  fc.constantFrom("bench", "check", "compare"),
  fc.constantFrom(...Object.keys(MEASURING)),
  near.filter(plain),
).filter(([, option, text]) => {
  // A path or an address is a module, which is looked for.
  if (option === "--facility" && /[./]/.test(text)) return false;
  return !MEASURING[option]!(text);
}).map(([command, option, text]) => [command, option, text]);

const numbers: readonly (readonly [words: readonly string[], contract: Contract])[] = [
  [["history", "list", "--limit"], whole(1, 1_000_000)],
  [["history", "prune", "--keep"], whole(0, 1_000_000)],
  [["history", "trend", "--limit"], whole(2, 1_000)],
  [["history", "baseline", "main", "--last"], whole(1, 10_000)],
  [["check", "--threshold"], share],
  [["check", "--checks"], whole(1, 100_000)],
  [["serve", "--port"], whole(0, 65_535)],
  [["fidelity", "--budget"], span],
];
const wrongNumber = fc.tuple(fc.constantFrom(...numbers), near.filter(plain))
  .filter(([[, contract], text]) => !contract(text))
  .map(([[words], text]) => [...words, text]);

/** A word that is no command, or an option that none has, or one word too many. */
const wrongWord = fc.oneof(
  near.filter((text) => plain(text) && !Object.hasOwn(COMMANDS, text)).map((text) => [text]),
  fc.tuple(fc.constantFrom(...Object.keys(COMMANDS)), hostileText.filter((text) => text !== ""))
    .map(([command, text]) => [command, `--no-such-${text}`]),
  fc.tuple(fc.constantFrom("bench", "claims", "list", "doctor", "fidelity"), near.filter(plain))
    .map(([command, text]) => [command, text]),
  fc.tuple(fc.constantFrom("show", "list", "prune"), near.filter(plain)).map(
    ([command, text]) => ["history", command, "one", text, "two"],
  ),
);

/** Places that cannot be written, and histories that are not there. */
const wrongPlace = fc.tuple(
  fc.constantFrom(
    ["list", "--json"],
    ["bench", "--json"],
    ["bench", "--report"],
    ["claims", "--json"],
    ["doctor", "--json"],
    ["check", "--markdown"],
    ["history", "list", "--store"],
    ["history", "show", "--store"],
    ["history", "export", "--store"],
    ["report", "--store"],
  ),
  fc.oneof(
    fc.constantFrom("", "/", "/dev/full/x", "/proc/x", "/dev/shm/none/none", "no/such/folder/x"),
    hostileText.filter((text) => text.length < 300).map((text) => `no-such-folder/${text}/x`),
  ),
).filter(([[command, , third], place]) =>
  // An empty folder is this one, and folders of reports are made.
  !(command === "bench" && place === "") && third !== undefined || command !== "bench"
).map(([words, place]) => [...words, place]);

const lines = fc.oneof(
  { weight: 4, arbitrary: wrongOption },
  { weight: 2, arbitrary: wrongNumber },
  { weight: 2, arbitrary: wrongWord },
);

fuzz("a command line with one thing wrong is refused", "commandLines", lines, async (args) => {
  const before = namesIn(".");
  const { out } = await orderly(args, [2]);
  assert(out === "", `stdout: ${out.slice(0, 500)}`);
  const made = namesIn(".").filter((name) => !before.includes(name));
  assert(made.length === 0, `made ${made}`);
});

fuzz("what cannot be written or is not there is refused", "places", wrongPlace, async (args) => {
  await orderly(args, [2]);
});

/** Any words at all, for commands that measure nothing. */
const anyLine = fc.tuple(
  fc.constantFrom(
    ["list"],
    ["report"],
    ["compare"],
    ["history", "list"],
    ["history", "show"],
    ["history", "export"],
    ["history", "import"],
    ["history", "prune"],
    ["history", "baseline"],
    ["history", "trend"],
  ),
  fc.array(
    fc.oneof(
      near,
      fc.constantFrom(
        ...["--json", "--store", "--limit", "--since", "--machine", "--facility", "--format"],
        ...["--output", "--all", "--keep", "--before", "--last", "--clear", "--title", "--"],
        ...["--single-file", "--help", "-h", "-V", "--version", "latest", "-", "--json=-", "-x"],
      ),
    ),
    { maxLength: 5 },
  ),
).map(([words, more]) => [...words, ...more]);

fuzz("any words end in order", "anyWords", anyLine, async (words, folder) => {
  const place = await Deno.makeTempDir({ dir: folder });
  const home = Deno.cwd();
  Deno.chdir(place);
  try {
    await orderly(words);
  } finally {
    Deno.chdir(home);
    await Deno.remove(place, { recursive: true });
  }
});
