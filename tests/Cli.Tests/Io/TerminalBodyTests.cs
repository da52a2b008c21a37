using System.Diagnostics;

namespace Firstbyte.Tests.Io;

/// <summary>--body: on a terminal a body is text or refused, anywhere else it is what came.</summary>
public sealed class TerminalBodyTests : IDisposable
{
    private const string Evil = "A\u001b[31mB\u009bC\r\nD\u202eE\r\nü\U0001f600";
    private static readonly byte[] Binary = [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 1, 2, 3];

    private readonly TemporaryFolder _folder = new();

    public TerminalBodyTests()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "evil.txt"), Evil);
        File.WriteAllBytes(Path.Combine(_folder.Path, "picture"), Binary);
        File.WriteAllText(Path.Combine(_folder.Path, "evil.lab"), """
            lab "bodies" seed 1 client client
            subnet lan 10.1.0.0/24 hub
            host client on lan .2 nameserver 10.1.0.3
            host www on lan .3 serves http { / from "evil.txt"  
              /picture from "picture" }
            """);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void On_a_terminal_text_is_escaped()
    {
        var run = Command.RunOnTerminal(_folder.Path, "--lab=evil.lab", "--body", "http://10.1.0.3/");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Equal("A\\x1b[31mB\\x9bC\nD\\u202eE\nü\U0001f600", run.Output);
    }

    [Fact]
    public void On_a_terminal_what_is_no_text_is_refused()
    {
        var run = Command.RunOnTerminal(_folder.Path, "--lab=evil.lab", "--body", "http://10.1.0.3/picture");
        Assert.Equal((23, "", "firstbyte: the body is not text and could upset the terminal: -o FILE saves it, -o - prints it all the same\n"), (run.ExitCode, run.Output, run.Errors));
        Assert.Equal(0, Command.RunOnTerminal(_folder.Path, "--lab=evil.lab", "-o", "-", "http://10.1.0.3/picture").ExitCode);
    }

    [Fact]
    public void In_a_pipe_it_is_as_it_came()
    {
        Assert.Equal(Evil, Command.RunIn(_folder.Path, "--lab=evil.lab", "--body", "http://10.1.0.3/").Output);
        using var output = new MemoryStream();
        Assert.Equal(0, Command.RunOnto(output, null, "--lab=" + Path.Combine(_folder.Path, "evil.lab"), "--body", "http://10.1.0.3/picture").ExitCode);
        Assert.Equal(Binary, output.ToArray());
    }

    /// <summary>What a real terminal gets, as script(1) records it.</summary>
    [Fact]
    public void A_real_terminal_gets_no_escape_of_a_server_s()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/script")) { Assert.Skip("needs script (util-linux)"); }
        var command = Command.StartInfo(["--lab=evil.lab", "--body", "http://10.1.0.3/"]);
        var line = string.Join(' ', command.ArgumentList.Prepend(command.FileName).Select(static word => $"'{word}'"));
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", line, "/dev/null"])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var script = Process.Start(start)!;
        var output = script.StandardOutput.ReadToEnd();
        script.WaitForExit();
        Assert.Equal(0, script.ExitCode);
        Assert.Contains("A\\x1b[31mB\\x9bC", output);
        Assert.DoesNotContain("\u001b[31m", output);
    }
}
