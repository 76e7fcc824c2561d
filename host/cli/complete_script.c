/* SPDX-License-Identifier: Apache-2.0 */
/* The three shells' scripts. */
#include "cli/complete.h"

#include "base/str.h"

#include "base/banned.h"

static const char bash[] =
    "# bash completion for clxs\n"
    "_clxs() {\n"
    "  local line value last=:none cur=${COMP_WORDS[COMP_CWORD]}\n"
    "  COMPREPLY=()\n"
    "  [[ $cur == '=' ]] && cur=\n"
    "  while IFS= read -r line; do\n"
    "    if [[ $line == :* ]]; then last=$line; continue; fi\n"
    "    printf -v value '%q' \"${line%%$'\\t'*}\"\n"
    "    COMPREPLY+=(\"$value\")\n"
    "  done < <(\"${COMP_WORDS[0]}\" __complete -- \"${COMP_WORDS[@]:1:COMP_CWORD}\" 2>/dev/null)\n"
    "  case $last in\n"
    "    :files) compopt -o filenames; COMPREPLY+=($(compgen -f -- \"$cur\")) ;;\n"
    "    :directories) compopt -o filenames; COMPREPLY+=($(compgen -d -- \"$cur\")) ;;\n"
    "  esac\n"
    "}\n"
    "complete -F _clxs clxs\n";

static const char zsh[] = "#compdef clxs\n"
                          "_clxs() {\n"
                          "  local line last=:none\n"
                          "  local -a values texts\n"
                          "  while IFS= read -r line; do\n"
                          "    if [[ $line == :* ]]; then last=$line; continue; fi\n"
                          "    values+=(\"${line%%$'\\t'*}\")\n"
                          "    texts+=(\"${line/$'\\t'/ -- }\")\n"
                          "  done < <(\"${words[1]}\" __complete -- \"${(@)words[2,CURRENT]}\" 2>/dev/null)\n"
                          "  (( $#values )) && compadd -l -d texts -a values\n"
                          "  case $last in\n"
                          "    :files) _files ;;\n"
                          "    :directories) _files -/ ;;\n"
                          "  esac\n"
                          "}\n"
                          "if [[ $funcstack[1] == _clxs ]]; then _clxs \"$@\"; else compdef _clxs clxs; fi\n";

static const char fish[] = "# fish completion for clxs\n"
                           "function __clxs_complete\n"
                           "  set -l words (commandline -opc) (commandline -ct)\n"
                           "  set -l lines ($words[1] __complete -- $words[2..-1] 2>/dev/null)\n"
                           "  for line in $lines\n"
                           "    switch $line\n"
                           "      case ':files'\n"
                           "        __fish_complete_path (commandline -ct)\n"
                           "      case ':directories'\n"
                           "        __fish_complete_directories (commandline -ct) ''\n"
                           "      case ':*'\n"
                           "      case '*'\n"
                           "        echo $line\n"
                           "    end\n"
                           "  end\n"
                           "end\n"
                           "complete -c clxs -f -a '(__clxs_complete)'\n";

const char *
complete_script(const char *shell)
{
  if (str_eq(shell, "bash")) return bash;
  if (str_eq(shell, "zsh")) return zsh;
  return str_eq(shell, "fish") ? fish : NULL;
}
