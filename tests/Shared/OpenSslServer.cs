using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Firstbyte.Tests;

/// <summary>OpenSSL's own TLS server on a free port of loopback; it has the port from the moment it says which.</summary>
internal sealed class OpenSslServer : IDisposable
{
    // "ACCEPT 127.0.0.1:40001", after what it says of its parameters.
    private const string Listening = "ACCEPT 127.0.0.1:";

    private readonly Process _process;

    private OpenSslServer(Process process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Starts it; the test is skipped where there is no openssl.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="options">Its options but where it listens: s_server(1).</param>
    public static OpenSslServer Start(string folder, params IEnumerable<string> options)
    {
        var start = new ProcessStartInfo("openssl", ["s_server", "-accept", "127.0.0.1:0", "-www", .. options])
        {
            UseShellExecute = false,
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process process;
        try { process = Process.Start(start)!; }
        catch (Win32Exception absent)
        {
            Assert.Skip($"no openssl command on this machine: {absent.Message}");
            throw;
        }
        // What it says of its clients must not fill the pipes.
        _ = process.StandardError.ReadToEndAsync();
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (!line.StartsWith(Listening, StringComparison.Ordinal)) { continue; }
            _ = process.StandardOutput.ReadToEndAsync();
            return new OpenSslServer(process, int.Parse(line.AsSpan(Listening.Length), NumberStyles.None, CultureInfo.InvariantCulture));
        }
        process.Dispose();
        throw new InvalidOperationException("openssl s_server ended before it listened");
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
