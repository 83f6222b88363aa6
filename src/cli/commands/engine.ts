import { Argument, type Command, Option } from 'commander';
import type { InstallDescription } from '../../engines/tensorflow/install/describe.ts';
import type { Installed } from '../../engines/tensorflow/install/install.ts';
import type { Context } from '../context.ts';
import { bytes, count } from '../format.ts';
import { helpText } from '../help-text.ts';
import { withStopSignals } from '../signals.ts';
import { renderTable } from '../table.ts';

interface InstallCommandOptions {
  readonly cuda?: boolean;
  /** `true` for the active environment. */
  readonly fromPython?: true | string;
}

const engineArgument = (): Argument =>
  new Argument('<engine>', 'the engine that can be installed').choices(['tensorflow']);

export function addEngine(program: Command, context: Context): void {
  const { output, environment } = context;
  const engine = program
    .command('engine')
    .helpCommand(false)
    .summary('list, install and remove engines')
    .description(
      helpText('The engines that train, and the TensorFlow that one of them runs on.', [
        ['adam-repro engine list'],
        ['adam-repro engine install tensorflow'],
        ['adam-repro engine remove tensorflow'],
      ]),
    );

  engine
    .command('install')
    .summary('install TensorFlow: 3 to 4 times faster training')
    .description(
      helpText(
        'Downloads TensorFlow with pip and @tensorflow/tfjs-node-gpu with npm, both pinned and checked, compiles the binding between them, tests it, and keeps it in $ADAM_REPRO_STORE or your folder for program data. Needs Linux, pip and a C++ compiler; docs/tensorflow-engine.md has the details.',
        [
          ['adam-repro engine install tensorflow', 'for the processor, 0.3 GB'],
          ['adam-repro engine install tensorflow --cuda', 'for an NVIDIA GPU, 3.4 GB'],
          ['adam-repro engine install tensorflow --from-python .venv', 'no download'],
        ],
      ),
    )
    .addArgument(engineArgument())
    .addOption(new Option('--cuda', 'TensorFlow for CUDA 12, with the NVIDIA libraries'))
    .addOption(
      new Option(
        '--from-python [python]',
        'link the TensorFlow of this interpreter or environment, or of the active one',
      ).conflicts('cuda'),
    )
    .action(async (_name: string, { cuda, fromPython }: InstallCommandOptions) => {
      const [{ installTensorFlow }, { killTools }, { showInstall }] = await Promise.all([
        import('../../engines/tensorflow/install/install.ts'),
        import('../../engines/tensorflow/install/tool.ts'),
        import('../install-progress.ts'),
      ]);
      const python = fromPython === true ? undefined : fromPython;
      const source = fromPython !== undefined ? { python } : cuda ? 'cuda' : 'cpu';
      const stopOptions = {
        announcement: 'Stopping',
        conclusion: 'Stopped; nothing was installed.',
        onQuit: killTools,
      };
      const installed = await withStopSignals(output, stopOptions, async (signal) => {
        const display = showInstall(output);
        try {
          return await installTensorFlow({ source, environment, signal, report: display.report });
        } finally {
          display.stop();
        }
      });
      const { folder, record, already } = installed;
      output.result({ engine: 'tensorflow', already, folder, install: record }, () =>
        installedText(installed),
      );
    });

  engine
    .command('list')
    .summary('the engines, where they run, and why not')
    .description(
      helpText(
        'The engines with device and version, or what they lack, and every TensorFlow that is installed.',
        [['adam-repro engine list'], ['adam-repro engine list --json']],
      ),
    )
    .action(async () => {
      const [{ engineAvailability, engineNames }, { describeInstalls }, { storeFolder }] = await Promise.all([
        import('../../engines/index.ts'),
        import('../../engines/tensorflow/install/describe.ts'),
        import('../../engines/tensorflow/install/store.ts'),
      ]);
      const engines = await Promise.all(
        engineNames.map(async (name) => ({ name, ...(await engineAvailability(name)) })),
      );
      const installs = describeInstalls(environment);
      output.result({ engines, store: storeFolder(environment), installs }, () => {
        const rows = engines.map((e) =>
          e.ok
            ? [e.name, 'ok', e.device, e.variant]
            : [e.name, 'not available', '-', `${e.reason}; ${e.remedy}`],
        );
        const titles = ['engine', 'state', 'device', 'variant'].map((title) => ({ title }));
        const tables = [renderTable(titles, rows)];
        if (installs.length > 0) tables.push(installTable(installs));
        return tables.join('\n\n');
      });
    });

  engine
    .command('remove')
    .summary('delete an installed engine')
    .description(
      helpText('Deletes every TensorFlow that `engine install` has brought; an official install stays.', [
        ['adam-repro engine remove tensorflow'],
      ]),
    )
    .addArgument(engineArgument())
    .action(async () => {
      const { removeTensorFlow } = await import('../../engines/tensorflow/install/install.ts');
      const { storeFolder } = await import('../../engines/tensorflow/install/store.ts');
      const store = storeFolder(environment);
      const removed = await removeTensorFlow(environment);
      output.result({ engine: 'tensorflow', store, removed }, () =>
        removed.length === 0
          ? `Nothing is installed in ${store}.`
          : `Removed ${count(removed.length, 'install')} from ${store}: ${removed.join(', ')}.`,
      );
    });
}

function installedText({ folder, record, already }: Installed): string {
  const { tensorflow, flavour, cuda, selfTest } = record;
  const what = `TensorFlow ${tensorflow} (${flavour === 'python' ? 'linked' : flavour})`;
  const device = selfTest?.device ?? 'CPU';
  const onCpu = cuda && device === 'CPU' ? ', because no usable GPU was found' : '';
  return already
    ? `${what} is already installed: ${folder}`
    : `${what} is installed and passed its self-test on the ${device}${onCpu}: ${folder}\n` +
        'From now on `adam-repro run` uses it by itself.';
}

function installTable(installs: readonly InstallDescription[]): string {
  return renderTable(
    [
      { title: 'TensorFlow' },
      { title: 'kind' },
      { title: 'tfjs' },
      { title: 'state' },
      { title: 'size', align: 'right' },
      { title: 'folder' },
    ],
    installs.map((install) => [
      install.tensorflow,
      install.kind === 'official' ? 'official' : install.flavour === 'python' ? 'linked' : install.flavour,
      install.tfjs,
      install.problem === undefined ? install.state : `${install.state}: ${install.problem}`,
      install.kind === 'official' ? '-' : bytes(install.bytes),
      install.folder,
    ]),
  );
}
