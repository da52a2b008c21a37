using System.Diagnostics;

namespace Firstbyte.Tests;

/// <summary>Ctrl-C, from another process, while a lab runs: the signal comes on a thread that must not touch the world.</summary>
public class InterruptTests
{
    private const int Interrupted = 130;

    // What happens inside the world when the signal comes is chance: one round would often have passed without the mechanism.
    private const int Rounds = 2;

    [Fact]
    public void Ctrl_C_ends_a_journey_through_a_lab_in_good_order()
    {
        for (var round = 0; round < Rounds; round++)
        {
            using var process = Process.Start(Command.StartInfo(["--lab=troubles", "-o", "/dev/null", "http://endless.test/"]))!;
            process.StandardInput.Close();
            ReadTo(process, "Transfer-Encoding: chunked");
            Interrupt(process);
            // Neither stream fills its pipe: what is left of a story is a line.
            Assert.True(End(process), "the command did not end on Ctrl-C");
            Assert.Equal(Interrupted, process.ExitCode);
            Assert.Matches(@"^firstbyte: interrupted: [\d,]+ bytes of the body had come\n$", process.StandardError.ReadToEnd());
            // The world's own close, after the signal: the program of the client was ended from inside.
            Assert.Contains("close(3)", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
        }
    }

    private static void ReadTo(Process process, string text)
    {
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal)) { return; }
        }
        Assert.Fail($"the command ended before it said '{text}': {process.StandardError.ReadToEnd()}");
    }

    private static void Interrupt(Process process)
    {
        SignalSender.Send(process, "INT");
    }

    private static bool End(Process process)
    {
        var ended = process.WaitForExit(TimeSpan.FromSeconds(20));
        if (!ended) { process.Kill(); }
        process.WaitForExit();
        return ended;
    }
}
