/**
 * What a facility must be, as a schema: it checks what users' modules export, and the types in
 * `facility.ts` are made from it.
 *
 * The message of each schema says what was expected. Other modules import types only, so that
 * participants load no schema library.
 *
 * @module
 */
import * as v from "valibot";
import type {
  Channel,
  Created,
  CreateOptions,
  Link,
  Lock,
  Notifier,
  Participants,
  Region,
  Role,
} from "./facility.ts";
import type { Limit } from "./limits.ts";

/** Ids stand in cell ids, whose parts a slash separates. */
const ID = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const LONGEST_ID = 60;
const LONGEST_TITLE = 100;

const Text = v.string("a text");
const Flag = v.boolean("true, false");
const FlagOrNull = v.nullable(v.boolean("true, false, null"));
const Id = v.pipe(
  Text,
  v.check((id) => ID.test(id) && id.length <= LONGEST_ID, "lower-case words joined by hyphens"),
);
const Title = v.pipe(
  Text,
  v.check(
    (title) => title.trim() !== "" && title.length <= LONGEST_TITLE,
    `1 to ${LONGEST_TITLE} characters`,
  ),
);

function oneOf<const T extends readonly string[]>(...words: T) {
  return v.picklist(words, words.join(", "));
}

function callable<F>() {
  return v.custom<F>((value) => typeof value === "function", "a function");
}

const listOf = <T extends v.GenericSchema>(items: T) =>
  v.pipe(v.array(items, "a list"), v.readonly());

const semantics = {
  /** How data is delimited; `none` where no data is transferred. */
  boundaries: oneOf("stream", "message", "none"),
  /** By what name an unrelated process finds the object. */
  identifier: oneOf("none", "pathname", "key", "posix-name", "address-and-port", "process-id"),
  /** By what a process holds it once opened. */
  handle: oneOf("descriptor", "message-queue-descriptor", "ipc-id", "pointer", "none"),
  accessibility: oneOf(
    "related-processes",
    "permission-mask",
    "any-process",
    "underlying-memory",
    "same-user",
    "same-process",
  ),
  /** What has to end before the object and its content do. */
  persistence: oneOf("process", "kernel", "file-system"),
  /** Whether `poll` works on its handle. */
  pollable: Flag,
  /** In what order what was sent is received. */
  order: oneOf("sending", "priority", "type", "signal-number", "none"),
  /** Whether what one reader takes is gone for all others; null where nothing is read. */
  destructiveReads: FlagOrNull,
  /** Whether a reader of an empty facility sleeps until someone writes; null where none reads. */
  emptyBlocks: FlagOrNull,
  /** What happens to a writer when the facility is full. */
  whenFull: oneOf("blocks", "loses", "refuses", "coalesces", "none"),
  /** Whether data can be looked at without taking it (`MSG_PEEK`). */
  peek: Flag,
  /** Whether one message can reach several receivers at once. */
  oneToMany: v.optional(Flag),
  /** Whether each of several can connect to it by its name and then has an end of its own. */
  connections: v.optional(Flag),
  /** What becomes of a lock or semaphore whose holder dies; absent where nothing is held. */
  holderDies: v.optional(oneOf("released", "reported", "undone", "stuck")),
  /** To whom a file lock belongs: the process, or the open file that several may hold. */
  lockOwner: v.optional(oneOf("process", "open-file")),
};

/** What the taxonomy says of a facility; the claims prove it by experiment. */
export const SemanticsSchema = v.pipe(v.strictObject(semantics, "an object"), v.readonly());

export const VariantSchema = v.pipe(
  v.object({
    id: Id,
    /** @default its id */
    title: v.optional(Title),
    /** What is different about it, in one sentence. */
    summary: Text,
    /** True where who waits keeps looking, which makes no sense where all share one CPU. */
    spins: v.optional(Flag),
    /** Where its semantics are not the facility's. */
    semantics: v.optional(
      v.pipe(v.partial(v.strictObject(semantics, "an object")), v.readonly()),
    ),
  }, "an object"),
  v.readonly(),
);

export const OriginSchema = v.pipe(
  v.object({
    family: oneOf("System V", "BSD", "POSIX", "Linux", "Unix", "ECMAScript"),
    /** Where that is written. */
    source: Text,
  }, "an object"),
  v.readonly(),
);

/** One limit of this host. */
export const LimitSchema = v.pipe(
  v.object({
    name: Text,
    /** Unlimited, and what a double cannot hold exactly, is given as `UNLIMITED`. */
    value: v.pipe(v.number("a number"), v.finite("a number")),
    unit: v.optional(Text),
    /** The file, call or header it was read from. */
    source: Text,
    /** The command that raises it, with `VALUE` for the new value, where there is one. */
    raise: v.optional(Text),
  }, "an object"),
  v.readonly(),
);

/** Signatures of what facilities call; as methods, so that they may declare a link's own type. */
interface Methods<T> {
  create(options: CreateOptions): Created | Promise<Created>;
  attach(link: Link, role: Role): T | Promise<T>;
  limits(): Limit[];
  inapplicable(participants: Participants): string | null;
  remark(participants: Participants): string | null;
  largestMessage(variant?: string): Limit | undefined;
  capacities(): readonly number[];
}

const offer = <T>() => ({
  /**
   * Makes the kernel objects. Runs in the initiator; peers that are processes are handed its
   * descriptors without `FD_CLOEXEC` and have them under the same numbers, as children would.
   *
   * @throws {SystemCallError} with the errno of whatever the kernel refuses
   */
  create: callable<Methods<T>["create"]>(),
  /** Takes one end. May wait until the other participant does the same. */
  attach: callable<Methods<T>["attach"]>(),
  /** The variants that make sense for this capability; all of the facility's when absent. */
  variants: v.optional(listOf(Text)),
});

/** How one capability of a facility comes into being. */
export const offerSchema = <T>() => v.pipe(v.object(offer<T>(), "an object"), v.readonly());

export const ChannelOfferSchema = v.pipe(
  v.object({
    ...offer<Channel>(),
    /** The largest message this machine lets the facility carry; absent or undefined where nothing does. */
    largestMessage: v.optional(callable<Methods<Channel>["largestMessage"]>()),
    /** True where several peers may share the initiator's other end. */
    manyPeers: v.optional(Flag),
    /** Capacities in bytes that `create` can ask for, where it can be chosen. */
    capacities: v.optional(callable<Methods<Channel>["capacities"]>()),
    /** True where messages may be lost instead of the sender being held back. */
    lossy: v.optional(Flag),
  }, "an object"),
  v.readonly(),
);

/** One leaf of the taxonomy. */
export const FacilitySchema = v.pipe(
  v.object({
    /** Lower case, words joined by hyphens. */
    id: Id,
    title: Title,
    /** What it is, in one or two sentences. */
    summary: Text,
    origin: OriginSchema,
    semantics: SemanticsSchema,
    /** The first is the default. */
    variants: v.optional(
      v.pipe(
        v.array(VariantSchema, "a list"),
        v.minLength(1, "one at least, or none of the field"),
        v.readonly(),
      ),
    ),
    /** The kernel's limits on it, each with the place it was read from. */
    limits: callable<Methods<never>["limits"]>(),
    /** Between what it is measured when nothing else is asked for. @default "process" */
    usualParticipants: v.optional(v.picklist(["process", "thread"], "undefined, process, thread")),
    /** Why it cannot serve such participants here, or null when it can. */
    inapplicable: v.optional(callable<Methods<never>["inapplicable"]>()),
    /** What has to stand beside every figure of it with such participants, or null. */
    remark: v.optional(callable<Methods<never>["remark"]>()),
    channel: v.optional(ChannelOfferSchema),
    notifier: v.optional(offerSchema<Notifier>()),
    lock: v.optional(offerSchema<readonly Lock[]>()),
    region: v.optional(offerSchema<Region>()),
  }, "an object"),
  v.readonly(),
);
