/**
 * What runs of this user left behind when they were killed, and its removal.
 *
 * A thing is removed only if its name is one that the suite gives and names this user, the kernel
 * says that it belongs to this user, and the run that the name tells of is over: no process holds a
 * lock in the run's folder, and none has the run's name among its arguments or open files.
 *
 * @module
 */
import { SystemCallError } from "../../facilities/libc/errno.ts";
import { tryListFolder, tryReadText } from "../../facilities/libc/files.ts";
import { ownership } from "../../facilities/libc/sys_stat.ts";
import { geteuid, getpid, readlink, rmdir, unlink } from "../../facilities/libc/unistd.ts";
import {
  isOwn,
  type NamedObject,
  parseObject,
  removeObject,
} from "../../facilities/named_objects.ts";
import { isHeld, isLocked, isOwnFolder, runNamesIn } from "../../facilities/run_folder.ts";
import { filesOf, objectsOf, removeScopes } from "../../facilities/scope.ts";
import { isPart } from "./write_whole.ts";

/** A run of which something is there. */
export interface FoundRun {
  /** `ipc-taxonomy-`, the user id and the run's id. */
  readonly run: string;
  /** Null where only objects of it are left: then nothing but the processes tells whether it is over. */
  readonly folder: string | null;
  /** Whether it still goes on; then nothing of it may be touched. */
  readonly running: boolean;
  /** Processes that work for it. */
  readonly processes: readonly number[];
  /** Kernel objects, as `shm /ipc-taxonomy-...`. */
  readonly objects: readonly string[];
  /** Paths, without the folder itself. */
  readonly files: readonly string[];
}

/** All runs of this user that have something in the temporary folders or in the kernel, by name. */
export function findRuns(temporary: readonly string[]): FoundRun[] {
  const folders = new Map<string, string>();
  for (const path of temporary.flatMap((folder) => pathsIn(folder))) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const [named] = runNamesIn(name);
    if (named?.run === name && named.uid === geteuid() && isOwnFolder(path)) {
      folders.set(name, path);
    }
  }
  const named = Map.groupBy(objectsByName(), ({ run }) => run);
  const processes = processesOfRuns();
  const runs = [...new Set([...folders.keys(), ...named.keys()])].sort();
  return runs.map((run) => {
    const folder = folders.get(run) ?? null;
    const working = processes.get(run) ?? [];
    const objects = [...folder ? objectsOf(folder) : [], ...named.get(run) ?? []].map(lineOf);
    return {
      run,
      folder,
      running: working.length > 0 || (folder !== null && isHeld(folder)),
      processes: working,
      objects: [...new Set(objects)],
      files: folder ? filesOf(folder) : [],
    };
  });
}

function pathsIn(folder: string): string[] {
  return tryListFolder(folder).map((name) => `${folder}/${name}`);
}

/** Removes what is left of a run that is over; returns what could not be removed. */
export function removeRun({ run, folder, objects, running }: FoundRun): string[] {
  if (running) throw new RangeError(`Cannot remove ${run}: it is running`);
  if (folder) removeScopes(folder);
  const left = objects.filter((line) => {
    const object = parseObject(line)!;
    return succeeds(() => removeObject(object)) ? false : isOwn(object);
  });
  return folder && isOwnFolder(folder) ? [...left, folder] : left;
}

/** Folders of a project that hold no results, and much else. */
const NO_RESULTS = new Set([".git", "node_modules"]);

/** How deep below a given folder results may lie: the pages of a report, the folders of an export. */
const DEEPEST = 4;

/** This user's half-written files and folders, in and below the given ones, that nobody writes any more. */
export function findParts(folders: readonly string[]): string[] {
  const found = folders.flatMap((folder) => partsBelow(folder, DEEPEST));
  return [...new Set(found.map((path) => path.replace(/^(?:\.\/)+/, "")))]
    .filter((path) => isOwnPath(path) && !isLocked(path));
}

function partsBelow(folder: string, levels: number): string[] {
  return tryListFolder(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    if (isPart(name)) return [path];
    if (levels === 0 || NO_RESULTS.has(name) || !isFolder(path)) return [];
    return partsBelow(path, levels - 1);
  });
}

/** No link to one. */
function isFolder(path: string): boolean {
  return succeeds(() => ownership(path).isFolder);
}

function isOwnPath(path: string): boolean {
  return succeeds(() => ownership(path).uid === geteuid());
}

/** Removes a half-written file, or folder with all that is in it; false where that is impossible. */
export function removePart(path: string): boolean {
  if (!isFolder(path)) return succeeds(() => unlink(path));
  const inside = tryListFolder(path).map((name) => removePart(`${path}/${name}`));
  return inside.every(Boolean) && succeeds(() => rmdir(path));
}

/** This user's objects that carry the name of one of this user's runs. */
function objectsByName(): (NamedObject & { run: string })[] {
  const lines = [
    ...tryListFolder("/dev/shm").map((name) =>
      name.startsWith("sem.") ? `sem /${name.slice(4)}` : `shm /${name}`
    ),
    // Where it is mounted; else only the journals know of message queues.
    ...tryListFolder("/dev/mqueue").map((name) => `mq /${name}`),
  ];
  return lines.flatMap((line) => {
    const object = parseObject(line);
    const [named] = runNamesIn(line);
    return object && named?.uid === geteuid() && isOwn(object)
      ? [{ ...object, run: named.run }]
      : [];
  });
}

/** Ids of this user's processes by the name of the run that they have to do with. */
function processesOfRuns(): Map<string, number[]> {
  const found = new Map<string, number[]>();
  const pids = tryListFolder("/proc").filter((name) => /^\d+$/.test(name));
  for (const name of pids.sort((a, b) => Number(a) - Number(b))) {
    if (Number(name) === getpid()) continue;
    // A zombie has neither arguments nor files any more, so only the living count.
    const words = [tryReadText(`/proc/${name}/cmdline`) ?? "", ...openFiles(name)];
    const named = runNamesIn(words.join("\n"));
    if (named.length === 0 || !isOwnProcess(name)) continue;
    for (const run of new Set(named.map(({ run }) => run))) {
      found.set(run, [...found.get(run) ?? [], Number(name)]);
    }
  }
  return found;
}

/** Paths that a process has open; none of a stranger's. */
function openFiles(pid: string): string[] {
  return tryListFolder(`/proc/${pid}/fd`).map((fd) => tryReadlink(`/proc/${pid}/fd/${fd}`) ?? "");
}

function tryReadlink(path: string): string | null {
  try {
    return readlink(path);
  } catch (error) {
    if (error instanceof SystemCallError) return null;
    throw error;
  }
}

/** A stranger may call a process what he likes. */
function isOwnProcess(pid: string): boolean {
  return succeeds(() => ownership(`/proc/${pid}`).uid === geteuid());
}

function lineOf({ kind, name }: NamedObject): string {
  return `${kind} ${name}`;
}

function succeeds(step: () => unknown): boolean {
  try {
    return step() !== false;
  } catch (error) {
    if (error instanceof SystemCallError) return false;
    throw error;
  }
}
