// @gate long alone

import { assert, assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import type { CheckDocument } from "../../reports/check/document.ts";
import type { SelfTestDocument } from "../../reports/check/self_test/document.ts";
import { openStore } from "../../reports/history/open_store.ts";
import { readHost } from "../../workloads/runner/host.ts";
import { leavingNothing } from "../leftovers.ts";
import { command, end, start } from "./command.ts";

/** Checks of a disturbed machine before it is given up that one of them says more. */
const MOST_CHECKS = 2;
const DELAYED = new URL("../../reports/check/self_test/delayed.ts", import.meta.url).href;

Deno.test("check measures what the baseline measured, and finds a pipe made ten times slower", () =>
  leavingNothing(async (temporary) => {
    const folder = await Deno.makeTempDir({ prefix: "ipc-taxonomy-test-" });
    try {
      const store = `${folder}/history.sqlite`;
      const small = [
        ...["--workload", "round-trip", "--size", "64", "--placement", "same-cpu", "--awake"],
        ...["--trials", "6", "--budget", "8s", "--store", store],
      ];
      const run = (command: string, delay: number, ...args: string[]) => {
        const facility = `${DELAYED}?facility=pipe&delayNs=${delay}`;
        return end(start([command, "--facility", facility, ...small, ...args], temporary));
      };
      for (let number = 0; number < 2; number++) {
        const { code, err } = await run("bench", 0, "--no-report");
        assertEquals([code, err], [0, ""]);
      }
      await command("history", "baseline", "main", "--last", "5", "--store", store);
      const json = `${folder}/check.json`;
      const id = "round-trip/pipe/64/same-cpu/process/2/awake";
      let checks = 0;
      let verdict: CheckDocument["verdict"];
      do {
        checks++;
        const slow = await run("check", 100_000, "--json", json, "--label", "slow");
        const document: CheckDocument = JSON.parse(await Deno.readTextFile(json));
        verdict = document.verdict;
        assertEquals(slow.code, document.exitCode, slow.err);
        for (const cell of document.judged) {
          assertEquals([cell.id, cell.direction], [id, "slower"]);
        }
        if (verdict === "regressed") {
          assertEquals(document.confirmation, "fresh-trials");
          const { ratio, trials, state, own } = document.regressed[0]!;
          assert(ratio > 4, slow.out);
          // Of a machine that changed its state meanwhile some trials are left out.
          assert(state !== null || own !== null || trials.candidate >= 10, slow.out);
        } else {
          // Others may be busy on this machine, and its states may change from one trial to the next.
          assertEquals(verdict, "inconclusive");
          assertMatch(
            slow.out,
            /: the machine has changed|: no cell could be judged|could not be measured again/,
          );
          for (const { kind } of document.notJudged) {
            assert(kind === "unmatched" || kind === "too-few", slow.out);
          }
        }
      } while (verdict === "inconclusive" && checks < MOST_CHECKS);
      await using kept = await openStore(store);
      const runs = await kept.list();
      assertEquals([runs.length, runs[0]!.label], [2 + checks, "slow"]);
      assertEquals(runs[0]!.machineKey, readHost().machineKey);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  }));

Deno.test("the self-test measures, checks and reports, and leaves nothing", () =>
  leavingNothing(async (temporary) => {
    const tiny = ["--facility", "pipe", "--workload", "round-trip", "--size", "64"];
    const { code, out } = await end(start(
      [
        ...["check", "--self-test", "unchanged", "--checks", "1", "--json", "-"],
        ...[...tiny, "--placement", "same-cpu", "--trials", "2", "--budget", "1s"],
      ],
      temporary,
    ));
    assertEquals(code, 0);
    const document: SelfTestDocument = JSON.parse(out);
    assertEquals([document.schema, document.complete], ["ipc-taxonomy/self-test/1", true]);
    assertEquals([document.planted, document.drift], [null, null]);
    const { quiet, loaded, falseChecks } = document.unchanged!;
    assertEquals([quiet.checks, loaded.checks, quiet.falseRegressions], [1, 0, 0]);
    assertAlmostEquals(falseChecks.interval[1], 0.975, 1e-9);
  }));
