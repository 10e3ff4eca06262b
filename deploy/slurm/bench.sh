#!/usr/bin/env bash
# One run on each of several nodes, as an array job; the store is named by IPC_TAXONOMY_STORE.
#
#     sbatch --array=0-9 --export=ALL,IPC_TAXONOMY_STORE=postgres://ipc@db/fleet deploy/slurm/bench.sh
#
# IPC_TAXONOMY_FILE is the bundled suite (deno task bundle), DENO the Deno binary; both must be where
# every node sees them. What follows the script's name on sbatch's command line goes to bench.
#SBATCH --job-name=ipc-taxonomy
#SBATCH --nodes=1
#SBATCH --ntasks=1
#SBATCH --exclusive
#SBATCH --time=00:30:00
#SBATCH --signal=B:INT@60
#SBATCH --output=ipc-taxonomy-%A_%a.log
set -euo pipefail

file=${IPC_TAXONOMY_FILE:-results/ipc-taxonomy.js}
deno=${DENO:-deno}
if [[ ! -r $file ]]; then
  echo "ipc-taxonomy: no file $file; make it with: deno task bundle" >&2
  exit 2
fi

# A cache of this task's own: nodes share a file system, and the suite needs nothing from there.
DENO_DIR=$(mktemp -d "${TMPDIR:-/tmp}/ipc-taxonomy-deno-XXXXXX")
export DENO_DIR
cleanup() { rm -rf -- "$DENO_DIR"; }
trap cleanup EXIT

# The type of a node is what its partition calls it, unless somebody knows better.
export IPC_TAXONOMY_INSTANCE=${IPC_TAXONOMY_INSTANCE:-${SLURM_JOB_PARTITION:-}}

label="slurm ${SLURM_ARRAY_JOB_ID:-${SLURM_JOB_ID:-none}} task ${SLURM_ARRAY_TASK_ID:-0}"
run=("$deno" run --quiet --no-prompt --allow-ffi --allow-run --allow-read --allow-write
  --allow-env --allow-net "$file" bench --label "$label" --no-report "$@")

# The signal before the time is up goes to this shell; bench keeps what it has measured until then.
"${run[@]}" &
suite=$!
trap 'kill -INT "$suite"' INT TERM
code=0
wait "$suite" || code=$?
# A trap ends wait before the suite has ended.
while kill -0 "$suite" 2>/dev/null; do
  code=0
  wait "$suite" || code=$?
done
exit "$code"
