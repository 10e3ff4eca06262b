#!/bin/sh
# Runs a command as user nobody where /tmp is read-only, half of /proc is hidden and nothing is anybody
# else's: `place.sh DENO CACHE REPOSITORY [ARGUMENT...]`. The arguments are those of Deno, in the repository.
# Root starts it, in mount, IPC and process namespaces of its own: `unshare --mount --ipc --pid --fork`.
set -e
deno=$1 cache=$2 repository=$3
shift 3
mount -t tmpfs none /mnt
mkdir /mnt/cache /mnt/repository
touch /mnt/deno
mount --bind "$deno" /mnt/deno
mount --bind "$cache" /mnt/cache
mount -o remount,ro,bind /mnt/cache
mount --bind "$repository" /mnt/repository
mount -o remount,ro,bind /mnt/repository
mount -t tmpfs -o ro none /tmp
mount -t proc -o hidepid=2 none /proc
for hidden in /proc/sys /proc/sysvipc /proc/pressure; do
  mount -t tmpfs -o ro none "$hidden"
done
mount --bind /dev/null /proc/cpuinfo
cd /mnt/repository
unset TMPDIR
export HOME=/nowhere DENO_DIR=/mnt/cache
exec setpriv --reuid 65534 --regid 65534 --clear-groups /mnt/deno "$@"
