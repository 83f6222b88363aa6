import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { type FileSystem, ifThere, realFileSystem } from './file-system.ts';

/** A process on some machine, so that neither a dead one nor another one with its reused number can be taken for it. */
export interface ProcessIdentity {
  readonly host: string;
  /** Changes at every start of the machine; empty where the system has no such number. */
  readonly boot: string;
  readonly pid: number;
  /** In ticks since the boot; empty where the system does not tell. */
  readonly processStart: string;
}

/** What results need of their surroundings; tests bring their own. */
export interface System {
  readonly files: FileSystem;
  readonly self: ProcessIdentity;
  /** Milliseconds since some moment, never set back. */
  now(): number;
  /** Whether the process runs; one of another machine counts as long as it gave a sign of life (ms since 1970) lately. */
  isAlive(identity: ProcessIdentity, signOfLife: number): boolean;
}

/** A process of another machine is taken for dead after so long without a sign of life. */
export const LEASE_MS = 15 * 60_000;

export function localSystem(files: FileSystem = realFileSystem): System {
  const self: ProcessIdentity = {
    host: hostname(),
    boot: ifThere(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '',
    pid: process.pid,
    processStart: processStart(process.pid) ?? '',
  };
  return {
    files,
    self,
    now: () => performance.now(),
    isAlive: (other, signOfLife) => isAlive(self, other, signOfLife, Date.now()),
  };
}

/** See `System.isAlive`; `self` is a process that runs on this machine. */
export function isAlive(
  self: ProcessIdentity,
  other: ProcessIdentity,
  signOfLife: number,
  now: number,
): boolean {
  if (other.host !== self.host) return now - signOfLife < LEASE_MS;
  if (other.boot !== self.boot) return false;
  if (self.processStart !== '') return processStart(other.pid) === other.processStart;
  try {
    process.kill(other.pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start time of a running process from Linux's /proc; `undefined` for none, for a zombie, and on other systems. */
function processStart(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field, the command in parentheses, may hold anything; the third is the state, the 22nd the start.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

let temporaries = 0;

/** A file name that no other process or call uses, and that tells whether its maker still runs. */
export function temporaryName({ self }: System): string {
  temporaries++;
  return `.tmp-${digest(self.host)}-${digest(self.boot)}-${self.pid}-${self.processStart}-${temporaries}`;
}

const temporaryPattern = /^\.tmp-([0-9a-f]{8})-([0-9a-f]{8})-(\d+)-(\d*)-\d+$/;

/** Whether a name is a temporary one whose maker no longer runs; `changed` is the time of its last change. */
export function isAbandoned(system: System, name: string, changed: number): boolean {
  const [, host, boot, pid, start] = temporaryPattern.exec(name) ?? [];
  if (host === undefined) return false;
  const { self } = system;
  return !system.isAlive(
    {
      host: host === digest(self.host) ? self.host : host,
      boot: boot === digest(self.boot) ? self.boot : boot!,
      pid: Number(pid),
      processStart: start!,
    },
    changed,
  );
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 8);
