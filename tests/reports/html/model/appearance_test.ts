import { assert, assertEquals } from "@std/assert";
import { LEAVES } from "../../../../facilities/taxonomy.ts";
import {
  colourOf,
  KNOWN_FACILITIES,
  lookOf,
  PALETTE,
  type Theme,
} from "../../../../reports/html/model/appearance.ts";

const FACILITIES = await Promise.all(LEAVES.map(async (leaf) => (await leaf.load()).facility));

const PAPER: Record<Theme, string> = { light: "#ffffff", dark: "#171b1f" };

function linear(colour: string): [number, number, number] {
  return [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
}

function luminance([r, g, b]: [number, number, number]): number {
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast. */
function contrast(a: string, b: string): number {
  const [x, y] = [luminance(linear(a)), luminance(linear(b))].sort((p, q) => q - p);
  return (x! + 0.05) / (y! + 0.05);
}

/**
 * How linear RGB looks to the colour-blind, at full severity.
 *
 * @see G. M. Machado, M. M. Oliveira, L. A. F. Fernandes, "A physiologically-based model for
 * simulation of color vision deficiency", IEEE TVCG 15 (2009)
 */
const VISIONS: Record<string, number[][]> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** Oklab of linear RGB. @see B. Ottosson, "A perceptual color space for image processing" (2020) */
function oklab([r, g, b]: number[]): number[] {
  const l = Math.cbrt(0.4122214708 * r! + 0.5363325363 * g! + 0.0514459929 * b!);
  const m = Math.cbrt(0.2119034982 * r! + 0.6806995451 * g! + 0.1073969566 * b!);
  const s = Math.cbrt(0.0883024619 * r! + 0.2817188376 * g! + 0.6299787005 * b!);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function distance(a: string, b: string, vision: number[][]): number {
  const seen = (colour: string) =>
    oklab(vision.map((row) => {
      const rgb = linear(colour);
      const value = row.reduce((sum, weight, at) => sum + weight * rgb[at]!, 0);
      return Math.min(1, Math.max(0, value));
    }));
  const [x, y] = [seen(a), seen(b)];
  return Math.hypot(...x.map((value, at) => value - y[at]!));
}

Deno.test("every leaf of the taxonomy has a look of its own", () => {
  const seen = new Set<string>();
  for (const { id } of FACILITIES) {
    assert(KNOWN_FACILITIES.includes(id), `${id} has no look`);
    const look = lookOf(id);
    const key = `${look.family} ${look.mark}`;
    assert(!seen.has(key), `${id} looks like another facility of its family`);
    seen.add(key);
  }
});

Deno.test("a facility that is not known gets the same look every time", () => {
  assertEquals(lookOf("my-ring"), lookOf("my-ring"));
  assertEquals(lookOf("my-ring").family, "other");
  // Words that every object knows are no facilities.
  for (const id of ["constructor", "__proto__", "toString", ""]) {
    assertEquals(lookOf(id).family, "other", id);
  }
});

Deno.test("every colour stands out from its page by 3:1 at least", () => {
  for (const theme of ["light", "dark"] as const) {
    for (const [family, shades] of Object.entries(PALETTE[theme])) {
      for (const colour of shades) {
        const ratio = contrast(colour, PAPER[theme]);
        assert(ratio >= 3, `${theme} ${family} ${colour}: ${ratio.toFixed(2)}`);
      }
    }
  }
});

Deno.test("no two facilities look alike to the colour-blind: the mark differs, or the colour does", () => {
  for (const theme of ["light", "dark"] as const) {
    for (const [name, vision] of Object.entries(VISIONS)) {
      for (const a of FACILITIES) {
        for (const b of FACILITIES) {
          if (a.id >= b.id) continue;
          const [x, y] = [lookOf(a.id), lookOf(b.id)];
          if (x.mark !== y.mark) continue;
          const apart = distance(colourOf(x, theme), colourOf(y, theme), vision);
          assert(
            apart >= 0.06,
            `${theme}, ${name}: ${a.id} and ${b.id}, both ${x.mark}, ${apart.toFixed(3)} apart`,
          );
        }
      }
    }
  }
});
