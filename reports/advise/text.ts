/**
 * An answer for a terminal, as wide as it has columns.
 *
 * @module
 */
import { bold, dim, green, red, yellow } from "@std/fmt/colors";
import { presentable } from "../../workloads/runner/foreign_text.ts";
import { quantity, times } from "../html/model/format.ts";
import { type Column, plain, textTable } from "../table.ts";
import { clip, wrap } from "../wrap.ts";
import type { Answer, Excluded, Ranked, Shown } from "./answer.ts";
import {
  answerWords,
  basisWords,
  needsWords,
  questionWords,
  rate,
  share,
  shownWords,
  uncertainty,
} from "./words.ts";

/** The whole answer; `source` says which run it is from. */
export function answerText(given: Answer, source: string, width: number): string {
  const answer = presentable(given);
  const { question, ranked, unmeasured, excluded } = answer;
  const parts = [
    [
      ...wrap(questionWords(question), width).map(bold),
      ...needsWords(question).map((need) => `  · ${plain(need)}`),
    ],
    wrap(answerWords(answer), width),
    ranked.length > 0
      ? [...wrap(`${basisWords(answer)}; ${source}`, width).map(dim), ...table(answer, width)]
      : [],
    ranked.length > 0 ? limitsAndNotes(ranked, width) : [],
    unmeasured.length > 0
      ? [
        bold("Will do too, but has no figure"),
        ...unmeasured.flatMap(({ title, reason }) =>
          wrap(`${title}: ${reason ?? "not measured yet"}`, width, "  ")
        ),
      ]
      : [],
    excluded.length > 0 ? [bold("Left out"), ...leftOut(excluded, width)] : [],
  ];
  return parts.filter((lines) => lines.length > 0).map((lines) => lines.join("\n")).join("\n\n");
}

/** Of a facility with its variant and way of waiting, in characters. */
const WIDEST = 48;

function table({ ranked, question }: Answer, width: number): string[] {
  const lower = ranked[0]!.better === "lower";
  const columns = (widest: number): Column<Ranked>[] => [
    { title: "", text: ({ rank, tie }) => `${rank}${tie ? "=" : " "}` },
    { title: "facility", left: true, text: ({ label }) => clip(label, widest) },
    { title: lower ? "time" : "rate", text: ({ estimate, unit }) => quantity(estimate, unit) },
    { title: "95 %", text: uncertainty },
    {
      title: "CPU/op",
      text: ({ cpuNsPerOp: ns }) => ns === undefined ? "" : quantity(ns, "ns"),
    },
    { title: "× best", text: (each) => times(each.times) },
    ...(width >= 100 ? [{ title: "at most", text: (each: Ranked) => rate(each.perSecond) }] : []),
    ...(question.perSecond === undefined ? [] : [{
      title: "CPU share",
      text: ({ cpuShare }: Ranked) => cpuShare === undefined ? "" : share(cpuShare),
    }]),
  ];
  const lines = textTable(columns(WIDEST), ranked).split("\n");
  const over = Math.max(...lines.map((line) => line.length)) - width;
  if (over <= 0) return lines;
  const longest = Math.min(WIDEST, Math.max(...ranked.map(({ label }) => label.length)));
  return textTable(columns(Math.max(8, longest - over)), ranked).split("\n");
}

/** What bounds each, and what has to be said of it; alike ones together. */
function limitsAndNotes(ranked: readonly Ranked[], width: number): string[] {
  const lines = new Map<string, string[]>();
  for (const { label, limits, notes } of ranked) {
    const text = [...limits, ...notes].join("; ");
    if (text) lines.set(text, [...lines.get(text) ?? [], label.split(" · ")[0]!]);
  }
  if (lines.size === 0) return [];
  return [
    bold("Limits here"),
    ...[...lines].flatMap(([text, names]) => wrap(`${names.join(", ")}: ${text}`, width, "  ")),
  ];
}

/** What was left out for one reason together. */
function leftOut(excluded: readonly Excluded[], width: number): string[] {
  const alike = Map.groupBy(
    excluded,
    ({ reason, claim, cell }) => JSON.stringify([reason, claim, cell]),
  );
  return [...alike.values()].flatMap((each) => {
    const { reason, claim, cell } = each[0]!;
    return [
      ...wrap(`${each.map(({ title }) => title).join(", ")}: ${reason}`, width, "  "),
      ...(claim ? [`    ${colour(claim)(`claim ${shownWords(claim)}`)}`] : []),
      ...(cell ? wrap(`cell ${cell}`, width, "    ").map(dim) : []),
    ];
  });
}

function colour({ verdict }: Shown): (text: string) => string {
  return verdict === "holds" ? green : verdict === "fails" ? red : yellow;
}
