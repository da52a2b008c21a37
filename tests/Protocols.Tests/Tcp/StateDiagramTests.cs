using System.Runtime.CompilerServices;
using System.Text;
using Firstbyte.Tcp;
using Firstbyte.Tests.Tcp.Scripting;

namespace Firstbyte.Tests.Tcp;

/// <summary>docs/tcp-states.md is drawn from what the scripts make the code do; with FIRSTBYTE_UPDATE_SNAPSHOTS set it is written anew.</summary>
public class StateDiagramTests
{
    [Fact]
    public void The_state_diagram_in_the_documentation_is_what_the_code_does()
    {
        var transitions = new HashSet<(TcpState Before, TcpState After, TcpClause Clause)>();
        foreach (var script in TcpScript.ReadAll(Path.Combine(AppContext.BaseDirectory, "Tcp", "Scripts")))
        {
            using var driver = new VirtualTimeDriver();
            new ScriptRunner(script, driver).Run();
            transitions.UnionWith(driver.Transitions);
        }
        var drawn = Draw(transitions);
        if (Environment.GetEnvironmentVariable("FIRSTBYTE_UPDATE_SNAPSHOTS") is { Length: > 0 })
        {
            File.WriteAllText(Source(), drawn);
            return;
        }
        Assert.Equal(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "tcp-states.md")).ReplaceLineEndings("\n"), drawn);
    }

    private static string Source([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "docs", "tcp-states.md"));

    private static string Draw(HashSet<(TcpState Before, TcpState After, TcpClause Clause)> transitions)
    {
        var text = new StringBuilder();
        text.Append("# The states of a TCP connection\n\nDrawn by a test from the changes of state that the TCP scripts (`tests/Protocols.Tests/Tcp/Scripts`) bring about. LISTEN has no block and is\nnot in the picture; what ends a connection at once is listed below it.\n\n```mermaid\nstateDiagram-v2\n");
        var ordered = transitions.OrderBy(t => t.Before).ThenBy(t => t.After).ThenBy(t => t.Clause).ToArray();
        foreach (var (before, after, clause) in ordered.Where(t => t.After != TcpState.Closed))
        {
            text.Append($"    {before} --> {after}: {clause}\n");
        }
        text.Append("```\n\n| From | To | Decision | Clause |\n|---|---|---|---|\n");
        foreach (var (before, after, clause) in ordered) { text.Append($"| {before} | {after} | {clause} | {clause.Where()} |\n"); }
        return text.ToString();
    }
}
