/**
 * Small parts that all pages share.
 *
 * @module
 */
import type { ComponentChildren } from "preact";
import { lookOf, MARK_PATHS } from "../model/appearance.ts";
import type { Table } from "../model/charts.ts";

/** A facility's mark in its colour; the name always stands beside it. */
export function Mark({ facility }: { facility: string }) {
  const look = lookOf(facility);
  const { d, filled } = MARK_PATHS[look.mark];
  return (
    <svg
      class={`mark hue-${look.family}-${look.shade}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
    >
      <path
        d={d}
        fill={filled ? "currentColor" : "none"}
        stroke="currentColor"
        stroke-width={filled ? 0 : 2}
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}

/** A facility's mark and its title, with what tells its series apart set back. */
export function Named({ facility, label }: { facility: string; label: string }) {
  const [name, ...details] = label.split(" · ");
  return (
    <span class="named">
      <Mark facility={facility} />
      <span>
        {name}
        {details.length > 0 && <span class="detail">· {details.join(" · ")}</span>}
      </span>
    </span>
  );
}

/** A wide table scrolls inside its own frame, by keyboard too, never the page. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return <div class="scroll" role="region" aria-label={label} tabindex={0}>{children}</div>;
}

export function Section(
  { id, title, lead, children }: {
    id: string;
    title: string;
    lead?: ComponentChildren;
    children: ComponentChildren;
  },
) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {lead && <p class="lead">{lead}</p>}
      {children}
    </section>
  );
}

/** Where an interval lies between two bounds, on a logarithmic line. */
export function Whisker(
  { value, interval: [low, high], from, to, width, mark }: {
    value: number;
    interval: readonly [low: number, high: number];
    from: number;
    to: number;
    /** Pixels. */
    width: number;
    /** A value to set off by a line. */
    mark?: number;
  },
) {
  const at = (value: number) => {
    const share = Math.log(Math.max(value, 1e-300) / from) / Math.log(to / from);
    return (6 + Math.min(1, Math.max(0, share)) * (width - 12)).toFixed(1);
  };
  return (
    <svg
      class="whisker"
      viewBox={`0 0 ${width} 16`}
      width={width}
      height="16"
      aria-hidden="true"
    >
      <line x1="0" y1="8" x2={width} y2="8" class="whisker-axis" />
      {mark !== undefined && (
        <line
          x1={at(mark)}
          y1="0"
          x2={at(mark)}
          y2="16"
          class="whisker-one"
        />
      )}
      <line x1={at(low)} y1="8" x2={at(high)} y2="8" class="whisker-interval" />
      <circle cx={at(value)} cy="8" r="4" class="whisker-point" />
    </svg>
  );
}

/** The table behind a chart. */
export function FigureTable({ table, label }: { table: Table; label: string }) {
  const [first, ...columns] = table.columns;
  return (
    <Scroll label={label}>
      <table class="figures">
        <thead>
          <tr>
            <th scope="col">{first}</th>
            {columns.map((column) => <th scope="col" class="num">{column}</th>)}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <tr>
              <th scope="row">
                {row.facility ? <Named facility={row.facility} label={row.head} /> : row.head}
              </th>
              {row.cells.map((cell) => (
                <td class="num">
                  {cell.value === undefined
                    ? cell.text
                    : <data value={String(cell.value)}>{cell.text}</data>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
