import { Command, Option } from 'commander';
import { addCheck } from './commands/check.ts';
import { addCompare } from './commands/compare.ts';
import { addCompletion } from './commands/completion.ts';
import { addData } from './commands/data.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEngine } from './commands/engine.ts';
import { addExplain } from './commands/explain.ts';
import { addHelp } from './commands/help.ts';
import { addInit } from './commands/init.ts';
import { addList } from './commands/list.ts';
import { addMerge } from './commands/merge.ts';
import { addPlot } from './commands/plot.ts';
import { addRecover } from './commands/recover.ts';
import { addReport } from './commands/report.ts';
import { addRun } from './commands/run.ts';
import { addSchema } from './commands/schema.ts';
import { addShow } from './commands/show.ts';
import { addStatus } from './commands/status.ts';
import { addTune } from './commands/tune.ts';
import { addValidate } from './commands/validate.ts';
import { addVerify } from './commands/verify.ts';
import type { Context } from './context.ts';
import { helpText, wrapProse } from './help-text.ts';
import { type GlobalOptions, settingsOf, whens } from './settings.ts';

const description = helpText(
  "Reproduces the experiments of Adam (2015), AdamW (2019) and Ruder's overview (2017) of gradient descent.",
  [
    ['adam-repro run mnist-mlp', 'trains, and writes CSVs to results/'],
    ['adam-repro run mnist-logreg -p paper', 'as many epochs as in the paper'],
    ['adam-repro list', 'what else there is'],
  ],
);

/** The whole command line; `writeHelp` gets what commander prints: help and version. */
export function buildProgram(context: Context, version: string, writeHelp: (text: string) => void): Command {
  const program = new Command('adam-repro')
    .description(description)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .option('--json', 'print exactly one JSON document')
    .option('-q, --quiet', 'no progress and no notes')
    .option('-v, --verbose', 'say more; progress as lines')
    .addOption(new Option('--color <when>', 'colours').choices(whens))
    .option('--no-color', 'the same as --color never')
    .addOption(new Option('--progress <when>', 'live progress on stderr').choices(whens).default('auto'))
    .option('--debug', 'stack traces with errors')
    .configureHelp({ showGlobalOptions: true, boxWrap: wrapProse })
    .configureOutput({ writeOut: writeHelp, writeErr: writeHelp, outputError: () => {} })
    .exitOverride()
    .hook('preAction', (root) => {
      context.output.settings = settingsOf(root.opts<GlobalOptions>());
    });
  addRun(program, context);
  addList(program, context);
  addShow(program, context);
  addStatus(program, context);
  addPlot(program, context);
  addMerge(program, context);
  addVerify(program, context);
  addReport(program, context);
  addCompare(program, context);
  addTune(program, context);
  addRecover(program, context);
  addInit(program, context);
  addCheck(program, context);
  addExplain(program, context);
  addData(program, context);
  addEngine(program, context);
  addDoctor(program, context);
  addValidate(program, context);
  addSchema(program, context);
  addCompletion(program, context);
  addHelp(program, context);
  return program;
}
