using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Firstbyte.Tests;

/// <summary>A server of Debian's that listens on a loopback port, ended with the test.</summary>
internal sealed class LoopbackPeer(Process process, int port) : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>Where it listens.</summary>
    public int Port => port;

    /// <summary>Starts it, and waits until it takes connections.</summary>
    public static LoopbackPeer Start(string program, int port, params string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var peer = new LoopbackPeer(process, port);
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                socket.Connect(IPAddress.Loopback, port);
                return peer;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(began) < s_patience && !process.HasExited) { Thread.Sleep(20); }
            catch (SocketException)
            {
                peer.Dispose();
                throw;
            }
        }
    }

    public void Dispose()
    {
        if (!process.HasExited) { process.Kill(entireProcessTree: true); }
        process.WaitForExit();
        process.Dispose();
    }
}
