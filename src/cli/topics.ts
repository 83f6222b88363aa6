/** Texts of `adam-repro help TOPIC`, by topic. */
export const topics: Readonly<Record<string, { readonly summary: string; readonly text: string }>> = {
  'exit-codes': {
    summary: 'what the exit code says',
    text: `Exit codes

    0  done; runs that diverged are results, named in the table
    1  some of the work failed: a run, a download, a full disk
    2  the command line or a spec is wrong; nothing was started
    3  verify --strict: a verdict is worse than the recorded one;
       compare --strict: a difference is larger than the tolerance,
       or there is no common epoch
    4  the time of --max-time is over; checkpoints are written
  129  the terminal was closed (SIGHUP)       \\
  130  stopped with Ctrl-C (SIGINT)            > checkpoints written, the same
  143  asked to end (SIGTERM)                 /  command goes on from there`,
  },
  environment: {
    summary: 'environment variables that are read',
    text: `Environment variables

  ADAM_REPRO_DATA    folder of the data sets, shared by all working folders
                     (without it: data/ in the current folder)
  ADAM_REPRO_STORE   folder of installed engines
                     (without it: adam-repro in your folder for program data)
  ADAM_REPRO_THREADS threads of one run on the tensorflow engine
                     (without it: 1)
  ADAM_REPRO_WASM    simd: the wasm engine takes its plain kernels, to
                     compare machines or to look for a fault
  NO_COLOR           not empty: no colours
  FORCE_COLOR,       not empty: colours, also without a terminal;
  CLICOLOR_FORCE     0 or false: none
  TERM               dumb: no colours, and progress as plain lines
  HTTP_PROXY, HTTPS_PROXY, NO_PROXY and npm's own settings (.npmrc)
                     hold for data sets and engines fetched through npm

Flags win over variables: --color, --no-color, --progress, --output.`,
  },
};
