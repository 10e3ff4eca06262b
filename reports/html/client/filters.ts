/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
/**
 * The form of choices: read when it changes, written back from the address.
 *
 * @module
 */
import { amount, type Choices, queryOf } from "../model/choices.ts";

const SELECTS = ["placement", "baseline", "from", "to", "workload", "pattern"] as const;

/** Shows the choices in the form. */
export function showChoices(form: HTMLFormElement, choices: Choices): void {
  const set = (name: string, value: string) => {
    const select = form.elements.namedItem(name);
    if (!(select instanceof HTMLSelectElement)) return;
    const known = [...select.options].some((option) => option.value === value);
    select.value = known ? value : select.options[0]?.value ?? "";
  };
  for (const name of SELECTS) set(name, choices[name] ?? "");
  set("participants", choices.participants ?? "");
  set("size", choices.size === undefined ? "" : String(choices.size));
  for (const box of form.querySelectorAll<HTMLInputElement>("input[name=facility]")) {
    box.checked = !choices.hide.has(box.value);
  }
  for (const box of form.querySelectorAll<HTMLInputElement>("input[name=need]")) {
    box.checked = choices.need.has(box.value);
  }
  for (const name of ["rate", "cpu"] as const) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = `${choices[name] ?? ""}`;
  }
  const all = form.elements.namedItem("all");
  if (all instanceof HTMLInputElement) all.checked = choices.all;
  const reset = form.querySelector<HTMLButtonElement>("button[type=reset]");
  if (reset) reset.hidden = queryOf(choices) === "";
}

/** The choices after the form was changed; what the form does not hold stays as it was. */
export function readChoices(form: HTMLFormElement, before: Choices): Choices {
  const choices = { ...before };
  const value = (name: string) => {
    const select = form.elements.namedItem(name);
    return select instanceof HTMLSelectElement ? select.value || undefined : before[name as "from"];
  };
  for (const name of SELECTS) choices[name] = value(name);
  const participants = value("participants");
  choices.participants = participants === "thread" || participants === "process"
    ? participants
    : undefined;
  const size = form.elements.namedItem("size");
  if (size instanceof HTMLSelectElement) {
    choices.size = size.value === "" ? undefined : Number(size.value);
  }
  const hide = new Set(before.hide);
  for (const box of form.querySelectorAll<HTMLInputElement>("input[name=facility]")) {
    if (box.checked) hide.delete(box.value);
    else hide.add(box.value);
  }
  choices.hide = hide;
  const needs = [...form.querySelectorAll<HTMLInputElement>("input[name=need]")];
  if (needs.length > 0) {
    choices.need = new Set(needs.filter((box) => box.checked).map((box) => box.value));
  }
  for (const name of ["rate", "cpu"] as const) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) choices[name] = amount(field.value);
  }
  const all = form.elements.namedItem("all");
  if (all instanceof HTMLInputElement) choices.all = all.checked;
  return choices;
}
