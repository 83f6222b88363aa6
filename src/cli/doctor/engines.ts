import type { Check } from './check.ts';

/** One check per engine, and a bad one where none of them runs. */
export async function engineChecks(environment: NodeJS.ProcessEnv): Promise<Check[]> {
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
  const tensorflow = checks.find(({ name }) => name === 'engine tensorflow');
  if (checks.every(({ verdict }) => verdict !== 'ok')) {
    checks.push({
      name: 'engines',
      verdict: 'bad',
      found: 'none is available',
      remedy: 'install anew with npm ci',
    });
  }
  if (tensorflow?.verdict !== 'ok') checks.push(await installCheck(environment));
  return checks;
}

/** Whether this machine has what an installation of TensorFlow needs. */
async function installCheck(environment: NodeJS.ProcessEnv): Promise<Check> {
  const { describeInstalls, installRequirements } = await import(
    '../../engines/tensorflow/install/describe.ts'
  );
  const broken = describeInstalls(environment).find(({ problem }) => problem !== undefined);
  if (broken !== undefined) {
    return {
      name: 'engine install',
      verdict: 'limited',
      found: `the TensorFlow in ${broken.folder} cannot be used: ${broken.problem}`,
      remedy: 'adam-repro engine install tensorflow',
    };
  }
  const { found, missing } = await installRequirements(environment);
  const [first] = missing;
  return first === undefined
    ? { name: 'engine install', verdict: 'ok', found: `can bring TensorFlow: ${found.join(', ')}` }
    : { name: 'engine install', verdict: 'limited', found: missing.join('; ') };
}
