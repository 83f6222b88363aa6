import type { CompletionCommand, CompletionFlag, CompletionModel } from './completion-model.ts';

export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

/** The script that a shell evaluates to complete the words of `adam-repro`. */
export function completionScript(shell: Shell, model: CompletionModel): string {
  return { bash, zsh, fish, powershell }[shell](model);
}

const allFlags = ({ flags }: CompletionCommand): string => flags.flatMap(({ names }) => names).join(' ');
const withValues = (flags: readonly CompletionFlag[]): CompletionFlag[] =>
  flags.filter(({ values }) => values !== undefined);

function bash({ commands }: CompletionModel): string {
  const cases = commands.map((command) => {
    const { name, words, files } = command;
    const valued = withValues(command.flags).map((flag) => {
      const { names, values, byExperiment = {}, list } = flag;
      const experiments = Object.entries(byExperiment).map(
        ([experiment, offered]) => `*" ${experiment} "*) words="${offered.join(' ')}" ;;`,
      );
      const chosen =
        experiments.length === 0 ? '' : ` case " \${COMP_WORDS[*]} " in ${experiments.join(' ')} esac;`;
      const prefix = list ? ` [[ $current == *,* ]] && prefix="\${current%,*},";` : '';
      const free = values!.length === 0 ? 1 : 0;
      return `        ${names.join('|')}) words="${values!.join(' ')}"; files=${free};${chosen}${prefix} ;;`;
    });
    const after = Object.entries(command.after).map(
      ([subcommand, offered]) => `${subcommand}) words="${offered.join(' ')}" ;;`,
    );
    const subcommands =
      Object.keys(command.after).length === 0
        ? ''
        : `
          if (( COMP_CWORD > 2 )); then words=""; case "\${COMP_WORDS[2]}" in ${after.join(' ')} esac; fi`;
    return `    ${name})
      case "$previous" in
${valued.join('\n')}
        *)
          words="${words.join(' ')}"; files=${files ? 1 : 0}${subcommands}
          [[ $current == -* ]] && words="${allFlags(command)}"
          ;;
      esac
      ;;`;
  });
  return `# bash: eval "$(adam-repro completion bash)" in ~/.bashrc
_adam_repro() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local words="" files=0 prefix=""
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    words="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=( $(compgen -P "$prefix" -W "$words" -- "\${current#"$prefix"}") )
  if (( files )); then COMPREPLY+=( $(compgen -f -- "$current") ); fi
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _adam_repro adam-repro`;
}

function zsh({ commands }: CompletionModel): string {
  const cases = commands.map((command) => {
    const flags = command.flags.flatMap(({ names, summary, values, ...rest }) =>
      names.map((name) => {
        const value = values === undefined ? '' : `:value:${zshValues({ names, summary, values, ...rest })}`;
        return quote(`*${name}[${summary.replace(/[[\]:]/g, ' ')}]${value}`);
      }),
    );
    const words = command.words.length > 0 ? [quote(`*:argument:->${'words'}`)] : [];
    const after = Object.entries(command.after).map(
      ([subcommand, offered]) => `${subcommand}) compadd -- ${offered.join(' ')} ;;`,
    );
    const first = `compadd -- ${command.words.join(' ')}`;
    const offer =
      after.length === 0
        ? [first, ...(command.files ? ['_files'] : [])]
        : [`if (( CURRENT == 2 )); then ${first}; else case $words[2] in ${after.join(' ')} esac; fi`];
    return `    ${command.name})
      _arguments ${[...flags, ...words].join(' ')}
      ${command.words.length > 0 ? `[[ $state == words ]] && { ${offer.join('; ')}; }` : ''}
      ;;`;
  });
  return `#compdef adam-repro
# zsh: eval "$(adam-repro completion zsh)" in ~/.zshrc, after compinit
_adam_repro() {
  local state
  if (( CURRENT == 2 )); then
    local -a commands=( ${commands.map(({ name, summary }) => quote(`${name}:${summary}`)).join(' ')} )
    _describe command commands
    return
  fi
  local name=$words[2]
  shift words; (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
compdef _adam_repro adam-repro`;
}

/** The action that offers a flag's values. */
function zshValues({ values = [], byExperiment = {}, list }: CompletionFlag): string {
  if (values.length === 0) return '_files';
  const offer = (words: readonly string[]): string =>
    list ? `_values -s , value ${words.join(' ')}` : `compadd -S "" -- ${words.join(' ')}`;
  const experiments = Object.entries(byExperiment);
  if (experiments.length === 0) return `(${values.join(' ')})`;
  const cases = experiments.map(([experiment, words]) => `*" ${experiment} "*) ${offer(words)} ;;`);
  return `{case " $words " in ${cases.join(' ')} *) ${offer(values)} ;; esac}`;
}

function fish({ commands }: CompletionModel): string {
  const lines = commands.flatMap((command) => {
    return [
      `complete -c adam-repro -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
      ...fishWords(command),
      ...command.flags.flatMap(({ names, summary, values, byExperiment, list }) => {
        const forms = names.map((name) =>
          name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
        );
        const line = (when: string, words: readonly string[] | undefined): string => {
          const offered = list ? `(__fish_append , ${words?.join(' ')})` : (words ?? []).join(' ');
          const value = words === undefined ? '' : words.length > 0 ? ` -x -a ${quote(offered)}` : ' -r';
          return `complete -c adam-repro -n ${quote(when)} ${forms.join(' ')}${value} -d ${quote(summary)}`;
        };
        const seen = `__fish_seen_subcommand_from ${command.name}`;
        if (byExperiment === undefined) return [line(seen, values)];
        const named = Object.keys(byExperiment).join(' ');
        return [
          line(`${seen}; and not __fish_seen_subcommand_from ${named}`, values),
          ...Object.entries(byExperiment).map(([experiment, words]) =>
            line(`${seen}; and __fish_seen_subcommand_from ${experiment}`, words),
          ),
        ];
      }),
    ];
  });
  return `# fish: adam-repro completion fish > ~/.config/fish/completions/adam-repro.fish\n${lines.join('\n')}`;
}

/** The lines that offer a command's arguments. */
function fishWords({ name, words, after, files }: CompletionCommand): string[] {
  const seen = `__fish_seen_subcommand_from ${name}`;
  const line = (when: string, offered: readonly string[]): string =>
    `complete -c adam-repro -n ${quote(when)} ${files ? '' : '-f '}-a ${quote(offered.join(' '))}`;
  if (words.length === 0) return [];
  if (Object.keys(after).length === 0) return [line(seen, words)];
  return [
    line(`${seen}; and not __fish_seen_subcommand_from ${words.join(' ')}`, words),
    ...Object.entries(after).map(([subcommand, offered]) =>
      line(`${seen}; and __fish_seen_subcommand_from ${subcommand}`, offered),
    ),
  ];
}

function powershell({ commands }: CompletionModel): string {
  const list = (words: readonly string[]): string =>
    `@(${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(', ')})`;
  const table = (lists: Readonly<Record<string, readonly string[]>>): string =>
    `@{ ${Object.entries(lists)
      .map(([key, words]) => `'${key}' = ${list(words)}`)
      .join('; ')} }`;
  const entries = commands.map(({ name, words, after, flags }) => {
    const byExperiment = flags.flatMap((flag) =>
      flag.byExperiment ? flag.names.map((flagName) => `'${flagName}' = ${table(flag.byExperiment!)}`) : [],
    );
    const values = withValues(flags)
      .filter((flag) => flag.values!.length > 0)
      .flatMap(({ names, values }) => names.map((flag) => `'${flag}' = ${list(values!)}`));
    return `    '${name}' = @{
      words = ${list([...words, ...flags.flatMap(({ names }) => names)])}
      after = ${table(after)}
      values = @{ ${values.join('; ')} }
      byExperiment = @{ ${byExperiment.join('; ')} }
    }`;
  });
  return `# PowerShell: adam-repro completion powershell | Out-String | Invoke-Expression in $PROFILE
Register-ArgumentCompleter -Native -CommandName adam-repro -ScriptBlock {
  param($word, $line, $position)
  $commands = @{
${entries.join('\n')}
  }
  $typed = @($line.CommandElements | ForEach-Object { $_.ToString() })
  $before = if ($word -eq '') { $typed[-1] } else { $typed[-2] }
  $command = if ($typed.Count -gt 1) { $commands[$typed[1]] } else { $null }
  $lists = if ($null -ne $command) { $command.byExperiment[$before] } else { $null }
  $experiment = if ($null -ne $lists) { $typed | Where-Object { $lists.ContainsKey($_) } | Select-Object -First 1 } else { $null }
  $subcommand = if ($null -ne $command) { $typed | Where-Object { $command.after.ContainsKey($_) } | Select-Object -First 1 } else { $null }
  $offered = if ($null -eq $command) { $commands.Keys }
    elseif ($null -ne $experiment) { $lists[$experiment] }
    elseif ($command.values.ContainsKey($before)) { $command.values[$before] }
    elseif ($null -ne $subcommand -and $word -notlike '-*') { $command.after[$subcommand] }
    else { $command.words }
  $offered | Where-Object { $_ -like "$word*" } | Sort-Object | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}`;
}

/** One word for a POSIX shell and for fish. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
