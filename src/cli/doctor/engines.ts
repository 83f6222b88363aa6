import type { Check } from './check.ts';

/** One check per engine, and a bad one where none of them runs. */
export async function engineChecks(): Promise<Check[]> {
  const { engineAvailability, engineNames } = await import('../../engines/index.ts');
  const checks: Check[] = [];
  for (const name of engineNames) {
    const availability = await engineAvailability(name);
    checks.push(
      availability.ok
        ? { name: `engine ${name}`, verdict: 'ok', found: `${availability.device} (${availability.variant})` }
        : {
            name: `engine ${name}`,
            verdict: 'limited',
            found: availability.reason,
            remedy: availability.remedy,
          },
    );
  }
  if (checks.every(({ verdict }) => verdict !== 'ok')) {
    checks.push({
      name: 'engines',
      verdict: 'bad',
      found: 'none is available',
      remedy: 'install anew with npm ci',
    });
  }
  return checks;
}
