#!/usr/bin/env node
// No newer syntax than import() and templates: a Node too old for the rest still has to read this file and say so.
const needed = [20, 19];
const found = process.versions.node.split('.').map(Number);

function giveUp(sentence, exitCode) {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = exitCode;
}

if (found[0] < needed[0] || (found[0] === needed[0] && found[1] < needed[1])) {
  const versions = `needs Node ${needed.join('.')} or later, and this is ${process.versions.node}`;
  giveUp(`adam-repro ${versions}: install a newer one from https://nodejs.org.`, 2);
} else {
  import('../dist/cli/main.js').then(
    (cli) => cli.start(),
    (error) => {
      const notBuilt = error.code === 'ERR_MODULE_NOT_FOUND' && /bin[\\/]adam-repro\.js$/.test(error.message);
      if (notBuilt) giveUp('adam-repro is not built yet: run `npm run build` in its folder.', 1);
      else giveUp(`adam-repro could not start (${error.message}): run \`npm ci\` in its folder.`, 1);
    },
  );
}
