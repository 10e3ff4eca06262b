/**
 * The reader's choices as a form; the page's script reads it, and writes it back from the address.
 *
 * @module
 */
import { FAMILY_TITLES, lookOf, orderOf } from "../model/appearance.ts";
import { bytes } from "../model/format.ts";
import { placementsIn, placementWords, type Row, sizesIn } from "../model/rows.ts";
import { Mark } from "./parts.tsx";

export function Select(
  { name, label, usual, options }: {
    name: string;
    label: string;
    /** What the default is called; absent where one of the options is it. */
    usual?: string;
    options: [value: string, text: string][];
  },
) {
  if (options.length < 2) return null;
  return (
    <label class="filter">
      <span>{label}</span>
      <select name={name}>
        {usual !== undefined && <option value="">{usual}</option>}
        {options.map(([value, text]) => <option key={value} value={value}>{text}</option>)}
      </select>
    </label>
  );
}

export function Filters(
  { rows, baseline = true }: {
    rows: readonly Row[];
    /** Whether anything on the page is compared with a baseline. */
    baseline?: boolean;
  },
) {
  const facilities = [...new Set(rows.map((row) => row.facility))].sort((a, b) =>
    orderOf(a) - orderOf(b) || a.localeCompare(b)
  );
  const titles = new Map(rows.map(({ facility, title }) => [facility, title]));
  const families = [...new Set(facilities.map((id) => lookOf(id).family))];
  const participants = new Set(rows.map((row) => row.participants));
  return (
    <form class="filters js-only" aria-label="Choices">
      <Select
        name="placement"
        label="Placement"
        usual="Usual"
        options={placementsIn(rows).map((id) => [id, placementWords(id)])}
      />
      <Select
        name="participants"
        label="Between"
        options={[...participants].length > 1 ? [["", "processes"], ["thread", "threads"]] : []}
      />
      <Select
        name="size"
        label="Message size"
        usual="Usual"
        options={sizesIn(rows).map((size) => [String(size), bytes(size)])}
      />
      {baseline && (
        <Select
          name="baseline"
          label="Compared with"
          usual="The best"
          options={facilities.map((id) => [id, titles.get(id)!])}
        />
      )}
      <details class="filter-facilities">
        <summary>Facilities</summary>
        <div class="filter-list">
          {families.map((family) => (
            <fieldset key={family}>
              <legend>{FAMILY_TITLES[family]}</legend>
              {facilities.filter((id) => lookOf(id).family === family).map((id) => (
                <label key={id}>
                  <input type="checkbox" name="facility" value={id} checked />
                  <Mark facility={id} /> {titles.get(id)}
                </label>
              ))}
            </fieldset>
          ))}
        </div>
      </details>
      <button type="reset" hidden>Reset</button>
    </form>
  );
}
