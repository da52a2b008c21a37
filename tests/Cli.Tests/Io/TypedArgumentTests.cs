using Firstbyte.Cli.Io;

namespace Firstbyte.Tests.Io;

public sealed class TypedArgumentTests
{
    private readonly Lock _lock = new();

    [Fact]
    public void Words_have_the_bytes_that_were_typed()
    {
        var words = TypedArguments.Of(["-d", "\uFFFD\uFFFD", ""], [.. "dotnet\0firstbyte.dll\0-d\0"u8, 0xFF, 0xE9, 0, 0]);
        Assert.Equal(["-d", "\uDCFF\uDCE9", ""], words);
    }

    [Fact]
    public void A_command_line_of_others_is_not_believed() =>
        Assert.Equal(["-d", "\uFFFD"], TypedArguments.Of(["-d", "\uFFFD"], [.. "firstbyte\0another\0"u8, 0xFF, 0]));

    /// <summary>As a process: a shell hands over what is no UTF-8, by printf, which .NET's own processes cannot.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("curl ")]
    public void What_is_sent_is_what_was_typed(string face)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("only Linux has the bytes of a command line"); }
        var said = "";
        using var server = new RawServer(connection =>
        {
            var head = connection.ReadHead();
            var content = connection.Read(2);
            lock (_lock) { said = head + content; }
            connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        });
        var command = Command.StartInfo([]);
        var program = string.Join(' ', [command.FileName, .. command.ArgumentList.Select(static word => $"'{word}'")]);
        command.FileName = "/bin/sh";
        command.ArgumentList.Clear();
        command.ArgumentList.Add("-c");
        command.ArgumentList.Add($"{program} {face}-s -d \"$(printf '\\377\\351')\" -H \"X: $(printf '\\376')\" -b \"a=$(printf '\\375')\" {server.Url}");
        using var process = System.Diagnostics.Process.Start(command)!;
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.Equal("", process.StandardError.ReadToEnd());
        lock (_lock)
        {
            Assert.EndsWith("\r\n\r\n\u00FF\u00E9", said, StringComparison.Ordinal);
            Assert.Contains("\r\nX: \u00FE\r\n", said, StringComparison.Ordinal);
            Assert.Contains("\r\nCookie: a=\u00FD\r\n", said, StringComparison.Ordinal);
        }
    }
}
