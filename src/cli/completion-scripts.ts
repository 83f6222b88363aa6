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
  const cases = commands.map(({ name, words, files, flags, ...rest }) => {
    const valued = withValues(flags).map(
      ({ names, values }) =>
        `        ${names.join('|')}) words="${values!.join(' ')}"; files=${values!.length === 0 ? 1 : 0} ;;`,
    );
    return `    ${name})
      case "$previous" in
${valued.join('\n')}
        *)
          words="${words.join(' ')}"; files=${files ? 1 : 0}
          [[ $current == -* ]] && words="${allFlags({ name, words, files, flags, ...rest })}"
          ;;
      esac
      ;;`;
  });
  return `# bash: eval "$(adam-repro completion bash)" in ~/.bashrc
_adam_repro() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local words="" files=0
  COMPREPLY=()
  if (( COMP_CWORD == 1 )); then
    words="${commands.map(({ name }) => name).join(' ')} --help --version"
  else
    case "\${COMP_WORDS[1]}" in
${cases.join('\n')}
    esac
  fi
  COMPREPLY=( $(compgen -W "$words" -- "$current") )
  if (( files )); then COMPREPLY+=( $(compgen -f -- "$current") ); fi
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -F _adam_repro adam-repro`;
}

function zsh({ commands }: CompletionModel): string {
  const cases = commands.map((command) => {
    const flags = command.flags.flatMap(({ names, summary, values }) =>
      names.map((name) => {
        const value =
          values === undefined ? '' : `:value:${values.length > 0 ? `(${values.join(' ')})` : '_files'}`;
        return quote(`*${name}[${summary.replace(/[[\]:]/g, ' ')}]${value}`);
      }),
    );
    const words = command.words.length > 0 ? [quote(`*:argument:->${'words'}`)] : [];
    const offer = [`compadd -- ${command.words.join(' ')}`, ...(command.files ? ['_files'] : [])];
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

function fish({ commands }: CompletionModel): string {
  const lines = commands.flatMap((command) => {
    const inside = `-n ${quote(`__fish_seen_subcommand_from ${command.name}`)}`;
    return [
      `complete -c adam-repro -n __fish_use_subcommand -f -a ${command.name} -d ${quote(command.summary)}`,
      ...(command.words.length > 0
        ? [
            `complete -c adam-repro ${inside} ${command.files ? '' : '-f '}-a ${quote(command.words.join(' '))}`,
          ]
        : []),
      ...command.flags.map(({ names, summary, values }) => {
        const forms = names.map((name) =>
          name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
        );
        const value =
          values === undefined ? '' : values.length > 0 ? ` -x -a ${quote(values.join(' '))}` : ' -r';
        return `complete -c adam-repro ${inside} ${forms.join(' ')}${value} -d ${quote(summary)}`;
      }),
    ];
  });
  return `# fish: adam-repro completion fish > ~/.config/fish/completions/adam-repro.fish\n${lines.join('\n')}`;
}

function powershell({ commands }: CompletionModel): string {
  const list = (words: readonly string[]): string =>
    `@(${words.map((word) => `'${word.replaceAll("'", "''")}'`).join(', ')})`;
  const entries = commands.map(({ name, words, flags }) => {
    const values = withValues(flags)
      .filter((flag) => flag.values!.length > 0)
      .flatMap(({ names, values }) => names.map((flag) => `'${flag}' = ${list(values!)}`));
    return `    '${name}' = @{
      words = ${list([...words, ...flags.flatMap(({ names }) => names)])}
      values = @{ ${values.join('; ')} }
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
  $offered = if ($null -eq $command) { $commands.Keys } elseif ($command.values.ContainsKey($before)) { $command.values[$before] } else { $command.words }
  $offered | Where-Object { $_ -like "$word*" } | Sort-Object | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}`;
}

/** One word for a POSIX shell and for fish. */
function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
