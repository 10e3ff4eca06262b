/**
 * The control rows: what the same loop costs without any facility.
 *
 * @module
 */
import { bytes, quantity } from "../model/format.ts";
import { type Row, titled } from "../model/rows.ts";
import { Scroll, Section } from "./parts.tsx";

function Controls({ rows }: { rows: readonly Row[] }) {
  return (
    <Scroll label="Control rows">
      <table>
        <thead>
          <tr>
            <th scope="col">Control</th>
            <th scope="col">Placement</th>
            <th scope="col" class="num">Size</th>
            <th scope="col" class="num">Estimate</th>
            <th scope="col" class="num">95 % interval</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr data-cell={row.id}>
              <th scope="row">
                {titled(row.workload === "control" ? row.facility : row.workload)}
              </th>
              <td>{row.placement}</td>
              <td class="num">{row.sizeBytes === undefined ? "–" : bytes(row.sizeBytes)}</td>
              <td class="num">
                <data value={String(row.estimate)}>{quantity(row.estimate, row.unit)}</data>
              </td>
              <td class="num interval">
                {quantity(row.ci95[0], row.unit)} – {quantity(row.ci95[1], row.unit)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The section with the control rows; nothing where there are none. */
export function Floors({ rows }: { rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <Section
      id="floors"
      title="Floors"
      lead="What the same loop costs without any facility: no other figure can be below these."
    >
      <Controls rows={rows} />
    </Section>
  );
}
