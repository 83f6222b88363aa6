import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isAbandoned, isAlive, LEASE_MS, localSystem, temporaryName } from '../../src/results/system.ts';

const system = localSystem();
const { self } = system;

describe('a process', () => {
  it('knows itself', () => {
    expect(self.pid).toBe(process.pid);
    expect(system.isAlive(self, 0)).toBe(true);
  });

  it.runIf(process.platform === 'linux')('is dead for another start of it or of the machine', () => {
    expect(self.processStart).toMatch(/^\d+$/);
    expect(system.isAlive({ ...self, processStart: '1' }, Date.now())).toBe(false);
    expect(system.isAlive({ ...self, boot: 'earlier' }, Date.now())).toBe(false);
  });

  it('is dead when it has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'exit');
    expect(system.isAlive({ ...self, pid: child.pid! }, Date.now())).toBe(false);
    expect(isAlive({ ...self, processStart: '' }, { ...self, pid: child.pid! }, 0, 0)).toBe(false);
    expect(isAlive({ ...self, processStart: '' }, self, 0, 0)).toBe(true);
  });

  it('of another machine lives as long as its lease', () => {
    const other = { ...self, host: `not-${self.host}` };
    expect(isAlive(self, other, 1000, 1000 + LEASE_MS - 1)).toBe(true);
    expect(isAlive(self, other, 1000, 1000 + LEASE_MS)).toBe(false);
  });
});

describe('temporary names', () => {
  it('are unique and tell whether their maker lives', () => {
    const [name, next] = [temporaryName(system), temporaryName(system)];
    expect(name).not.toBe(next);
    expect(name).not.toContain(self.host);
    expect(isAbandoned(system, name, 0)).toBe(false);
    const dead = temporaryName({ ...system, self: { ...self, pid: 2 ** 30 } });
    expect(isAbandoned(system, dead, Date.now())).toBe(true);
    const elsewhere = temporaryName({ ...system, self: { ...self, host: 'there' } });
    expect(isAbandoned(system, elsewhere, Date.now())).toBe(false);
    expect(isAbandoned(system, elsewhere, Date.now() - 2 * LEASE_MS)).toBe(true);
    expect(isAbandoned(system, 'curves.csv', 0)).toBe(false);
  });
});
