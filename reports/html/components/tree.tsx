/**
 * The taxonomy as a tree; each leaf shows its cost by figure and shade, and leads to its page.
 *
 * @module
 */
import type { Twig } from "../about.ts";
import type { Titles } from "../model/titles.ts";
import { Mark } from "./parts.tsx";

export interface Cost {
  text: string;
  /**
   * 0 for the cheapest of those with the same figure, 1 for the dearest, on a logarithmic scale; absent
   * where there is nothing to compare it with.
   */
  share?: number;
  /** What the figure is, where it is not the tree's usual one. */
  of?: string;
}

const SHADES = 7;

function Leaf(
  { id, title, cost, href }: { id: string; title: string; cost?: Cost; href: string },
) {
  const shade = cost?.share === undefined
    ? "none"
    : Math.min(SHADES - 1, Math.floor(cost.share * SHADES));
  return (
    <li class="leaf">
      <a href={href}>
        <Mark facility={id} />
        <span class="leaf-name">
          {title}
          {cost?.of && <span class="leaf-of">{cost.of}</span>}
        </span>
        {cost && (
          <span class={`leaf-cost heat-${shade}`}>
            {cost.text}
          </span>
        )}
      </a>
    </li>
  );
}

function Branch(
  { twig, titles, costs, hrefOf }: {
    twig: Twig;
    titles: Titles;
    costs: ReadonlyMap<string, Cost>;
    hrefOf: (id: string) => string;
  },
) {
  return (
    <li class="branch">
      <span class="branch-title">{twig.title}</span>
      <ul>
        {twig.twigs.map((inner) => (
          <Branch twig={inner} titles={titles} costs={costs} hrefOf={hrefOf} />
        ))}
        {twig.leaves.map((id) => (
          <Leaf id={id} title={titles.facility(id)} cost={costs.get(id)} href={hrefOf(id)} />
        ))}
      </ul>
    </li>
  );
}

export function Tree(
  { tree, titles, costs, hrefOf }: {
    tree: readonly Twig[];
    titles: Titles;
    costs: ReadonlyMap<string, Cost>;
    hrefOf: (id: string) => string;
  },
) {
  return (
    <ul class="tree">
      {tree.map((twig) => <Branch twig={twig} titles={titles} costs={costs} hrefOf={hrefOf} />)}
    </ul>
  );
}
