/**
 * Reading moments from the command line.
 *
 * @module
 */
import { InvalidArgumentError } from "commander";

const UNIT_MS: Record<string, number> = { h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

/** A date (`2026-01-31`, with a time if wanted, UTC where no zone is given) or an age (`12h`, `30d`, `4w`). */
export function moment(text: string): Date {
  const age = /^(\d{1,6})([hdw])$/.exec(text);
  if (age) return new Date(Date.now() - Number(age[1]) * UNIT_MS[age[2]!]!);
  const dated = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(
    text,
  );
  const [, time, , , zone] = dated ?? [];
  const date = new Date(dated && time && !zone ? `${text}Z` : text);
  if (dated && !Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError(
    `"${text}" is no moment: give a date such as 2026-01-31 or an age such as 12h, 30d or 4w.`,
  );
}
