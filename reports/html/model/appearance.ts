/**
 * How each facility looks on every page: one colour and one mark, the family told by the hue.
 *
 * The six hues follow the order blue, vermilion, green, magenta, ochre and grey, which stay apart
 * under the three common kinds of colour blindness; the mark carries the difference within a family.
 *
 * @module
 */

export type Family =
  | "stream"
  | "message"
  | "terminal"
  | "shared"
  | "signal"
  | "synchronization"
  | "other";

/** A mark: a Chart.js point style, filled or open, upright or upside down. */
export type Mark =
  | "circle"
  | "square"
  | "triangle"
  | "diamond"
  | "down"
  | "plus"
  | "cross"
  | "star"
  | "open-circle"
  | "open-square"
  | "open-triangle"
  | "open-diamond";

export interface Look {
  id: string;
  family: Family;
  /** Index into the family's three shades. */
  shade: 0 | 1 | 2;
  mark: Mark;
}

export type Theme = "light" | "dark";

/** Three shades a family and theme; each has at least 3:1 against that theme's page. */
export const PALETTE: Record<Theme, Record<Family, readonly [string, string, string]>> = {
  light: {
    stream: ["#2773c0", "#004d96", "#458fde"],
    message: ["#b64e10", "#8a2400", "#d46a34"],
    terminal: ["#494e52", "#6d7277", "#82878c"],
    shared: ["#158561", "#005f3e", "#379c77"],
    signal: ["#b53989", "#890063", "#d456a5"],
    synchronization: ["#916a00", "#6a4500", "#a57e1a"],
    other: ["#6d7277", "#494e52", "#82878c"],
  },
  dark: {
    stream: ["#6ba9ed", "#90cfff", "#4d89cb"],
    message: ["#e6895e", "#ffaf83", "#c46a40"],
    terminal: ["#c6cbd0", "#a1a5aa", "#82878b"],
    shared: ["#68b796", "#8edebb", "#489878"],
    signal: ["#e67aba", "#ffa0e1", "#c45b9b"],
    synchronization: ["#c2a055", "#e9c67b", "#a28135"],
    other: ["#a1a5aa", "#c6cbd0", "#82878b"],
  },
};

export const FAMILY_TITLES: Record<Family, string> = {
  stream: "Byte streams",
  message: "Messages",
  terminal: "Pseudoterminals",
  shared: "Shared memory",
  signal: "Signals",
  synchronization: "Synchronization",
  other: "Others",
};

const MARKS: readonly Mark[] = [
  "circle",
  "square",
  "triangle",
  "diamond",
  "down",
  "plus",
  "cross",
  "star",
  "open-circle",
  "open-square",
  "open-triangle",
  "open-diamond",
];

const MEMBERS: Record<Exclude<Family, "other">, readonly string[]> = {
  stream: [
    "pipe",
    "fifo",
    "unix-stream",
    "tcp",
  ],
  message: [
    "posix-message-queue",
    "sysv-message-queue",
    "unix-datagram",
    "unix-seqpacket",
    "udp",
  ],
  terminal: ["pseudoterminal"],
  shared: [
    "posix-shared-memory",
    "sysv-shared-memory",
    "anonymous-mapping",
    "file-mapping",
    "memfd",
  ],
  signal: [
    "standard-signal",
    "realtime-signal",
  ],
  synchronization: [
    "futex",
    "eventfd",
    "sysv-semaphore",
    "posix-named-semaphore",
    "posix-unnamed-semaphore",
    "mutex",
    "condition-variable",
    "fcntl-lock",
    "ofd-lock",
    "flock",
  ],
};

/**
 * Where each family's marks and shades start: the start, of all tried, at which no two facilities with
 * one mark come close to each other in colour, to usual and to colour-blind eyes.
 */
const STARTS: Record<Exclude<Family, "other">, { mark: number; shade: number }> = {
  stream: { mark: 0, shade: 0 },
  message: { mark: 0, shade: 0 },
  terminal: { mark: 7, shade: 1 },
  shared: { mark: 6, shade: 0 },
  signal: { mark: 5, shade: 1 },
  synchronization: { mark: 4, shade: 2 },
};

const LOOKS: ReadonlyMap<string, Look> = new Map(
  Object.entries(MEMBERS).flatMap(([family, members]) =>
    members.map((id, index) => {
      const start = STARTS[family as keyof typeof MEMBERS];
      return [id, {
        id,
        family: family as Family,
        shade: ((start.shade + index) % 3) as 0 | 1 | 2,
        mark: MARKS[(start.mark + index) % MARKS.length]!,
      }] as const;
    })
  ),
);

/** Facility ids in the order of the taxonomy, for lists and legends. */
export const KNOWN_FACILITIES: readonly string[] = [...LOOKS.keys()];

/** The look of a facility; one that the suite does not know gets a grey of its own by its name. */
export function lookOf(id: string): Look {
  const known = LOOKS.get(id);
  if (known) return known;
  let hash = 7;
  for (const char of id) hash = (hash * 31 + char.codePointAt(0)!) % 65_521;
  return {
    id,
    family: "other",
    shade: (hash % 3) as 0 | 1 | 2,
    mark: MARKS[hash % MARKS.length]!,
  };
}

/** Position of a facility in the taxonomy's order; those unknown come last. */
export function orderOf(id: string): number {
  const index = KNOWN_FACILITIES.indexOf(id);
  return index < 0 ? KNOWN_FACILITIES.length : index;
}

export function colourOf(look: Pick<Look, "family" | "shade">, theme: Theme): string {
  return PALETTE[theme][look.family][look.shade];
}

/** SVG path of a mark in a 16 by 16 box, and whether it is filled. */
export const MARK_PATHS: Record<Mark, { d: string; filled: boolean }> = {
  circle: { d: "M8 3a5 5 0 1 0 0 10a5 5 0 1 0 0-10z", filled: true },
  square: { d: "M3.5 3.5h9v9h-9z", filled: true },
  triangle: { d: "M8 2.5L13.5 12.5H2.5z", filled: true },
  diamond: { d: "M8 2L14 8L8 14L2 8z", filled: true },
  down: { d: "M8 13.5L2.5 3.5H13.5z", filled: true },
  plus: { d: "M8 2.5V13.5M2.5 8H13.5", filled: false },
  cross: { d: "M4 4L12 12M12 4L4 12", filled: false },
  star: { d: "M8 2.5V13.5M2.5 8H13.5M4 4L12 12M12 4L4 12", filled: false },
  "open-circle": { d: "M8 3.5a4.5 4.5 0 1 0 0 9a4.5 4.5 0 1 0 0-9z", filled: false },
  "open-square": { d: "M4 4h8v8h-8z", filled: false },
  "open-triangle": { d: "M8 3L13 12H3z", filled: false },
  "open-diamond": { d: "M8 2.5L13.5 8L8 13.5L2.5 8z", filled: false },
};

/** The style rules that colour each family and shade, for light and dark pages. */
export function paletteCss(): string {
  const rules = (theme: Theme, prefix: string) =>
    Object.entries(PALETTE[theme]).flatMap(([family, shades]) =>
      shades.map((colour, shade) => `${prefix}.hue-${family}-${shade}{color:${colour}}`)
    ).join("");
  return rules("light", "") +
    `@media screen and (prefers-color-scheme:dark){${
      rules("dark", ":root:not([data-theme=light]) ")
    }}` +
    `@media screen{${rules("dark", ":root[data-theme=dark] ")}}`;
}
