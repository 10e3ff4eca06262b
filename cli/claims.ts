/**
 * `claims`: runs the experiments; prints a verdict and the evidence for each statement.
 *
 * @module
 */
import type { Command } from "commander";
import { uname } from "../facilities/libc/sys_utsname.ts";
import { LEAVES } from "../facilities/taxonomy.ts";
import { temporaryFolder } from "../facilities/temporary_folder.ts";
import { claimsText } from "../reports/claims_text.ts";
import { CLAIMS } from "../workloads/claims/catalogue.ts";
import {
  type PairTable,
  pairTables,
  type PropertyMatrix,
  propertyMatrix,
} from "../workloads/claims/matrix.ts";
import { runClaims } from "../workloads/claims/run_claims.ts";
import type { ClaimVerdict, FacilityTitles } from "../workloads/runner/document.ts";
import { NotComparableError } from "../workloads/runner/errors.ts";
import { titlesOf } from "../workloads/runner/plan.ts";
import { known, list } from "./arguments.ts";
import { facilitySources, loadFacilities, remoteFacilityOption } from "./facilities.ts";
import { verdictsCode } from "./claims/verdicts_code.ts";
import { Interruption } from "./interruption.ts";
import { Output } from "./output.ts";
import { CountLine } from "./progress.ts";
import { columns } from "./terminal.ts";

/** Identifies the format of the JSON and its version. */
export const CLAIMS_SCHEMA_ID = "ipc-taxonomy/claims/2";

/** What `--json` writes. */
export interface ClaimsDocument {
  schema: typeof CLAIMS_SCHEMA_ID;
  /** ISO 8601, UTC. */
  startedAt: string;
  durationSeconds: number;
  /** False when it was interrupted. */
  complete: boolean;
  kernel: string;
  /** What the facilities are called. */
  facilities: readonly FacilityTitles[];
  claims: readonly ClaimVerdict[];
  properties: PropertyMatrix;
  pairs: readonly PairTable[];
}

interface ClaimsOptions {
  facility?: string[];
  allowRemoteFacility?: boolean;
  claim?: string[];
  json?: string;
}

export function define(command: Command, exit: (code: number) => void): void {
  remoteFacilityOption(command)
    .option("--facility <LIST>", "facilities, or modules that export one (./my_ring.ts)", list)
    .option("--claim <LIST>", "statements, by id", list)
    .option("--json <FILE>", "verdicts, properties and pairs as JSON into FILE, - for stdout")
    .action(async (options: ClaimsOptions) => exit(await claims(options)));
}

async function claims(options: ClaimsOptions): Promise<number> {
  const output = await Output.open(options.json);
  const ids = CLAIMS.map(({ id }) => id);
  const chosen = known("claim", options.claim ?? ids, ids);
  const facilities = facilitySources(options.facility, LEAVES, options.allowRemoteFacility);
  const loaded = await loadFacilities(facilities);

  using interruption = new Interruption();
  const { system, release } = uname();
  const [startedAt, start] = [new Date().toISOString(), performance.now()];
  let verdicts: ClaimVerdict[];
  {
    using progress = new CountLine("experiment", chosen.length * facilities.length);
    verdicts = await runClaims({
      facilities,
      claims: chosen,
      temporary: temporaryFolder(),
      onProgress: (_, done) => progress.show(done),
      signal: interruption.signal,
    });
  }
  if (verdicts.length > 0) output.text(claimsText(verdicts, columns()));
  await output.finishVerdict(
    {
      schema: CLAIMS_SCHEMA_ID,
      startedAt,
      durationSeconds: (performance.now() - start) / 1000,
      complete: interruption.exitCode === null,
      kernel: `${system} ${release}`,
      facilities: loaded.map(({ facility }) => titlesOf(facility)),
      claims: verdicts,
      properties: propertyMatrix(verdicts),
      pairs: pairTables(verdicts),
    } satisfies ClaimsDocument,
  );
  if (interruption.exitCode !== null) return interruption.exitCode;
  const code = verdictsCode(verdicts);
  if (code !== 0 || verdicts.some(({ verdict }) => verdict === "holds")) return code;
  throw new NotComparableError("No statement applies to these facilities; nothing was judged");
}
