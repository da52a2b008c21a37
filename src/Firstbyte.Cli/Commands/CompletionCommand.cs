using System.CommandLine;
using Firstbyte.Cli.Io;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte completion SHELL</c>: the script that a shell sources to complete our command line.</summary>
internal static class CompletionCommand
{
    // The command answers "[suggest:CURSOR] LINE" itself, one suggestion a line; the scripts only hand the line over.
    private const string Bash = """
        _firstbyte() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(firstbyte "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _firstbyte firstbyte
        """;

    private const string Zsh = """
        #compdef firstbyte
        _firstbyte() {
            local -a words_found
            words_found=("${(@f)$(firstbyte "[suggest:${#BUFFER}]" "$BUFFER" 2>/dev/null)}")
            compadd -a words_found
            _files
        }
        compdef _firstbyte firstbyte
        """;

    private const string Fish = """
        complete -c firstbyte -a '(set -l line (commandline -cp); firstbyte "[suggest:"(string length -- $line)"]" $line 2>/dev/null)'
        """;

    public static Command Create(CommandIo io)
    {
        var shell = new Argument<string>("shell") { Description = io.Language.Help.CompletionShell };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", io.Language.Help.Completion) { shell };
        command.SetAction(parsed => io.Text.WriteLine(parsed.GetValue(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash }));
        return command;
    }
}
