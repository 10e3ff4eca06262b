/**
 * What facilities and their variants are called, as run documents say.
 *
 * @module
 */
/** A facility's title, and those of its variants, by their ids. */
export interface Titled {
  readonly id: string;
  readonly title: string;
  readonly variants?: readonly { readonly id: string; readonly title: string }[];
}

export interface Titles {
  facility(id: string): string;
  variant(facility: string, id: string): string;
  /** A facility with its variant and its waiting strategy: `TCP socket · nagle`. */
  series(of: { facility: string; variant?: string; wait?: string }): string;
}

/** Titles from the first list that has them; an id that none has is shown as words. */
export function titlesFrom(...lists: readonly (readonly Titled[])[]): Titles {
  const known = new Map(lists.toReversed().flat().map((each) => [each.id, each]));
  const facility = (id: string) => known.get(id)?.title ?? asWords(id);
  const variant = (facility: string, id: string) =>
    known.get(facility)?.variants?.find((each) => each.id === id)?.title ?? id;
  return {
    facility,
    variant,
    series: ({ facility: id, variant: one, wait }) =>
      [facility(id), one && variant(id, one), wait].filter((word) => word).join(" · "),
  };
}

/** An id as words: `round-trip` becomes `Round trip`. */
export function asWords(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
