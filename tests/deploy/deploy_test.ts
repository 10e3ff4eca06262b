/** What runs the suite on a fleet is checked against what reads it: image recipe, manifests, script. */
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { validate as lint } from "dockerfile-utils";
import { DaemonSet } from "kubernetes-models/apps/v1/DaemonSet";
import { CronJob } from "kubernetes-models/batch/v1/CronJob";
import { Job } from "kubernetes-models/batch/v1/Job";
import { parse } from "yaml";
import { PERMISSIONS } from "../../cli/standalone/build.ts";
import { STORE_VARIABLE } from "../../reports/history/store_variable.ts";
import { ROOT } from "../paths.ts";

const recipe = await Deno.readTextFile(`${ROOT}/Containerfile`);
const KINDS = { job: Job, daemonset: DaemonSet, cronjob: CronJob };
const manifests = await Promise.all(
  Object.keys(KINDS).map(async (name) => ({
    name: name as keyof typeof KINDS,
    // deno-lint-ignore no-explicit-any -- its shape is what is tested
    manifest: parse(await Deno.readTextFile(`${ROOT}/deploy/kubernetes/${name}.yaml`)) as any,
  })),
);

// deno-lint-ignore no-explicit-any -- as above
function podOf(manifest: any) {
  const job = manifest.kind === "CronJob" ? manifest.spec.jobTemplate : manifest;
  return job.spec.template.spec;
}

/** An instruction's arguments that are a JSON array. */
function words(instruction: string): string[] {
  return JSON.parse(new RegExp(`^${instruction} (\\[.*\\])$`, "m").exec(recipe)![1]!);
}

Deno.test("the image recipe passes the linter, which finds what is wrong in one that does not", () => {
  assertEquals(lint(recipe).map(({ message }) => message), []);
  for (const broken of ["USR 1\n", "MAINTAINER x\n", "EXPOSE abc\n", "ENTRYPOINT ['deno']\n"]) {
    assert(lint(recipe + broken).length > 0, broken);
  }
});

Deno.test("the image runs the bundled file as a user of no name, with the permissions it needs", () => {
  assertMatch(recipe, /^USER 65532:65532$/m);
  assertEquals(recipe.indexOf("USER") < recipe.indexOf("ENTRYPOINT"), true);
  const [deno, run, ...options] = words("ENTRYPOINT");
  const file = options.pop()!;
  assertEquals([deno, run], ["deno", "run"]);
  assertEquals(options, ["--quiet", "--no-prompt", ...PERMISSIONS]);
  assertStringIncludes(recipe, `COPY --from=bundle /suite/results/ipc-taxonomy.js ${file}\n`);
  assertEquals(words("CMD"), ["bench"]);
  const version = /npx -y deno@(\S+)/.exec(Deno.readTextFileSync(`${ROOT}/.ci/run`))![1];
  const bases = [...recipe.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  assertEquals(bases, Array(2).fill(`docker.io/denoland/deno:debian-${version}`));
});

for (const { name, manifest } of manifests) {
  Deno.test(`${name}.yaml is valid by the published schema, which refuses what is not`, () => {
    const Kind = KINDS[name];
    new Kind(manifest).validate();
    assertEquals([manifest.apiVersion, manifest.kind], [Kind.apiVersion, Kind.kind]);
    const broken = structuredClone(manifest);
    podOf(broken).containers[0].resources.limits.cpu = ["2"];
    assertThrows(() => new Kind(broken).validate());
    const nameless = structuredClone(manifest);
    delete podOf(nameless).containers[0].name;
    assertThrows(() => new Kind(nameless).validate());
  });

  Deno.test(`${name}.yaml: whole CPUs of its own, no privileges, the store by one variable`, () => {
    const pod = podOf(manifest);
    for (const { resources, securityContext, env, volumeMounts } of pod.containers) {
      // Guaranteed quality of service; the static CPU policy takes whole CPUs only.
      assertEquals(resources.requests, resources.limits);
      assertMatch(resources.limits.cpu, /^[1-9]\d*$/);
      assertEquals(securityContext.allowPrivilegeEscalation, false);
      assertEquals(securityContext.capabilities, { drop: ["ALL"] });
      const store = env.find((each: { name: string }) => each.name === STORE_VARIABLE);
      assertEquals(Object.keys(store.valueFrom), ["secretKeyRef"]);
      const volumes = pod.volumes.map((each: { name: string }) => each.name);
      assertEquals(volumeMounts.map((each: { name: string }) => each.name), volumes);
    }
    assertEquals([pod.securityContext.runAsNonRoot, pod.securityContext.runAsUser], [true, 65532]);
  });
}

/** JSON as a literal of a type: the type checker refuses properties that the schema has not. */
async function typeErrors(manifests: readonly unknown[]): Promise<string> {
  const path = await Deno.makeTempFile({ dir: `${ROOT}/tests/deploy`, suffix: ".ts" });
  try {
    await Deno.writeTextFile(
      path,
      [
        `import type { IDaemonSet } from "kubernetes-models/apps/v1/DaemonSet";`,
        `import type { ICronJob } from "kubernetes-models/batch/v1/CronJob";`,
        `import type { IJob } from "kubernetes-models/batch/v1/Job";`,
        ...manifests.map((each, index) =>
          `export const m${index}: I${(each as { kind: string }).kind} = ${JSON.stringify(each)};`
        ),
      ].join("\n"),
    );
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["check", "--quiet", path],
      env: { NO_COLOR: "1" },
      stdout: "null",
    }).output();
    return success ? "" : new TextDecoder().decode(stderr);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("no manifest has a property that its schema does not know", async () => {
  const all = manifests.map(({ manifest }) => manifest);
  assertEquals(await typeErrors(all), "");
  const broken = structuredClone(all[0]);
  podOf(broken).containers[0].resourses = {};
  assertStringIncludes(await typeErrors([broken]), "resourses");
});

Deno.test("the shell in the DaemonSet and the array script are correct", async () => {
  const daemonset = manifests.find(({ name }) => name === "daemonset")!.manifest;
  const [, , script] = podOf(daemonset).containers[0].command;
  const ends = async (shell: string, text: string) => {
    const child = new Deno.Command(shell, { args: ["-n"], stdin: "piped", stderr: "null" }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
    return (await child.status).code;
  };
  assertEquals(await ends("sh", script), 0);
  assert(await ends("sh", script + "done\n") !== 0);
  const array = await Deno.readTextFile(`${ROOT}/deploy/slurm/bench.sh`);
  assertEquals(await ends("bash", array), 0);
  assertStringIncludes(script.replace(/\s+/g, " "), PERMISSIONS.join(" "));
  assertStringIncludes(array.replace(/\s+/g, " "), PERMISSIONS.join(" "));
});
