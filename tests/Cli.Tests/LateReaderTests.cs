using System.Diagnostics;

namespace Firstbyte.Tests;

/// <summary>Readers that come late, pause or never come: nothing is lost, and Ctrl-C ends the wait for them.</summary>
public sealed class LateReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>A reader that takes its time and then all gets all: waiting for it is no failure while there is time.</summary>
    [Fact]
    public void A_reader_that_pauses_loses_nothing()
    {
        var body = new byte[3_000_000];
        new Random(3).NextBytes(body);
        using var server = RawServer.Of("", body);
        using var process = Process.Start(Command.StartInfo(["-m", "30", "--body", server.Url]))!;
        Thread.Sleep(600);
        using var received = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(received);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.True(body.AsSpan().SequenceEqual(received.ToArray()));
    }

    /// <summary>A reader who comes late gets all.</summary>
    [Fact]
    public void A_named_pipe_is_written_when_its_reader_comes()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        var pipe = NamedPipe.In(_folder);
        var body = new byte[300_000];
        new Random(4).NextBytes(body);
        using var server = RawServer.Of("", body);
        using var received = new MemoryStream();
        var reader = new Thread(() =>
        {
            Thread.Sleep(300);
            using var file = File.OpenRead(pipe);
            file.CopyTo(received);
        });
        reader.Start();
        Assert.Equal(0, Command.Run("-m", "30", "-o", pipe, server.Url).ExitCode);
        reader.Join();
        Assert.True(body.AsSpan().SequenceEqual(received.ToArray()));
    }

    [Theory]
    [InlineData("--lab", "-o", "PIPE", "http://www.lab.glasscom.com/")]
    [InlineData("-o", "PIPE", "URL")]
    [InlineData("--lab", "--pcap", "PIPE", "http://www.lab.glasscom.com/")]
    [InlineData("ping", "--lab", "www", "-c", "1", "--pcap", "PIPE")]
    [InlineData("lab", "run", "glasscom", "--until", "1s", "--pcap", "PIPE")]
    public void Who_waits_for_a_reader_ends_on_Ctrl_C(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("pipes are made by mkfifo"); }
        var pipe = NamedPipe.In(_folder);
        using var server = LimitTests.Endless();
        using var process = Process.Start(Command.StartInfo([.. arguments.Select(one => one switch { "URL" => server.Url, "PIPE" => pipe, _ => one })]))!;
        // It waits for the reader by now.
        Thread.Sleep(1_500);
        Assert.False(process.HasExited);
        SignalSender.Send(process, "INT");
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)), "it did not end on Ctrl-C");
        Assert.Equal(130, process.ExitCode);
    }
}

/// <summary>A named pipe.</summary>
internal static class NamedPipe
{
    public static string In(TemporaryFolder folder)
    {
        var path = Path.Combine(folder.Path, "pipe");
        using var make = Process.Start("mkfifo", [path]);
        make.WaitForExit();
        return path;
    }

    /// <summary>The pipe, once somebody reads it.</summary>
    public static FileStream OpenWriting(string path)
    {
        var opening = Task.Run(() => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0));
        return opening.Wait(TimeSpan.FromSeconds(60)) ? opening.Result : throw new TimeoutException($"nobody reads {path}");
    }
}
