using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Firstbyte.Tests;

/// <summary>Servers with sockets that were opened before them, as systemd hands them over (sd_listen_fds(3)): descriptors from 3 on and three variables.</summary>
public sealed partial class InheritedSocketTests
{
    private const string Zone = "$TTL 300\n@ SOA ns1 host 1 7200 3600 1209600 60\n@ NS ns1\nns1 A 127.0.0.1\nwww A 192.0.2.1\n";

    private const int Duplicate = 0; // F_DUPFD of fcntl(2): a copy that programs started from here keep

    private static TemporaryFolder NewFolder()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "systemd is Linux's, and a shell hands the sockets over");
        var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "zone"), Zone);
        return folder;
    }

    private static Socket Datagrams(IPAddress address, int port = 0, bool both = false)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        if (both) { socket.DualMode = true; }
        socket.Bind(new IPEndPoint(address, port));
        return socket;
    }

    private static Socket Connections(IPAddress address, int port = 0, bool both = false)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (both) { socket.DualMode = true; }
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen(16);
        return socket;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    /// <summary>The command with these sockets as its descriptors 3, 4, …; the variables name its own process, which is the shell's.</summary>
    private static ProcessStartInfo With(Socket[] sockets, string names, string[] words, string process = "$$", string? count = null)
    {
        var start = Command.StartInfo(words, new Dictionary<string, string> { ["LISTEN_FDNAMES"] = names });
        var copies = sockets.Select(static socket => DuplicateDescriptor((int)socket.Handle, Duplicate, 100)).ToArray();
        Assert.All(copies, static copy => Assert.True(copy >= 100));
        var moves = string.Join(' ', copies.Select(static (copy, i) => $"{3 + i}<&{copy} {copy}<&-"));
        string[] line = ["-c", $"exec {moves}; export LISTEN_PID={process} LISTEN_FDS={count ?? sockets.Length.ToString()}; exec \"$@\"", "bash", start.FileName, .. start.ArgumentList];
        start.FileName = "/bin/bash";
        start.ArgumentList.Clear();
        foreach (var word in line) { start.ArgumentList.Add(word); }
        return start;
    }

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int DuplicateDescriptor(int descriptor, int command, int least);

    private static string Ask(int port, params string[] words) => Command.Run(["dig", "@127.0.0.1", "-p", $"{port}", "+short", .. words]).Output;

    /// <summary>The sockets outlive the server: what is asked while there is none waits, and the next server answers it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)] // every query is told: then there is one socket of the runtime instead of the threads' own calls
    public void A_server_serves_with_the_sockets_that_it_is_given_and_so_does_the_next(bool isVerbose)
    {
        using var folder = NewFolder();
        using var datagrams = Datagrams(IPAddress.Loopback);
        var port = PortOf(datagrams);
        using var connections = Connections(IPAddress.Loopback, port);
        string[] words = ["serve", "dns", "--zone", "example=zone", .. isVerbose ? (string[])["-v"] : []];
        for (var start = 0; start < 3; start++)
        {
            using var client = new UdpClient() { Client = { ReceiveTimeout = 30_000 } };
            client.Connect(IPAddress.Loopback, port);
            client.Send([0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3, .. "www"u8, 7, .. "example"u8, 0, 0, 1, 0, 1]);
            using var serving = ServingCommand.Start(folder.Path, With([datagrams, connections], "dns:dns", words));
            Assert.Contains($"listening on 127.0.0.1:{port}, UDP and TCP, as it was opened for this server", serving.Said, StringComparison.Ordinal);
            IPEndPoint? from = null;
            Assert.Equal([0, 9], client.Receive(ref from)[..2]);
            Assert.Equal("192.0.2.1\n", Ask(port, "www.example"));
            Assert.Equal("192.0.2.1\n", Ask(port, "+tcp", "www.example"));
            // Nothing else was opened: the usual address is for servers without sockets.
            Assert.Single(serving.Said.Split('\n'), static line => line.StartsWith("listening on", StringComparison.Ordinal));
        }
    }

    /// <summary>As systemd makes them for "ListenStream=53" alone: one socket for both versions. Who asks by IPv4 is his IPv4 address in every rule.</summary>
    [Fact]
    public void Who_asks_a_socket_of_both_versions_is_known_by_the_address_of_his_own()
    {
        using var folder = NewFolder();
        using var datagrams = Datagrams(IPAddress.IPv6Any, both: true);
        var port = PortOf(datagrams);
        using var connections = Connections(IPAddress.IPv6Any, port, both: true);
        string[] words = ["serve", "dns", "--zone", "example=zone", "--allow-transfer", "127.0.0.1", "--listen", "127.0.0.2:0"];
        using var serving = ServingCommand.Start(folder.Path, With([connections, datagrams], "", words));
        Assert.Contains("listening on 127.0.0.2:", serving.WaitFor("listening on 127.0.0.2:"), StringComparison.Ordinal);
        Assert.Equal("192.0.2.1\n", Ask(port, "www.example"));
        Assert.Equal("192.0.2.1\n", Command.Run("dig", "@::1", "-p", $"{port}", "+short", "www.example").Output);
        Assert.Contains("192.0.2.1", Command.Run("dig", "@127.0.0.1", "-p", $"{port}", "example", "axfr").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.1", Command.Run("dig", "@::1", "-p", $"{port}", "example", "axfr").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_called_tls_is_for_DNS_over_TLS()
    {
        using var folder = NewFolder();
        ServeOperationTests.WriteCertificate(folder);
        using var connections = Connections(IPAddress.Loopback);
        string[] words = ["serve", "dns", "--zone", "example=zone", "--tls-cert", "cert.pem", "--tls-key", "key.pem"];
        using var serving = ServingCommand.Start(folder.Path, With([connections], "tls", words));
        Assert.Contains($"listening on 127.0.0.1:{PortOf(connections)}, TLS", serving.Said, StringComparison.Ordinal);
        Assert.Equal("192.0.2.1\n", Ask(PortOf(connections), "+tls", "www.example"));
    }

    [Fact]
    public void A_resolver_takes_them_as_well()
    {
        using var folder = NewFolder();
        using var datagrams = Datagrams(IPAddress.Loopback);
        // localhost is answered without asking anybody (RFC 6761 section 6.3).
        using var serving = ServingCommand.Start(folder.Path, With([datagrams], "", ["serve", "resolver", "--forward", "127.0.0.9"]));
        Assert.Contains($"listening on 127.0.0.1:{PortOf(datagrams)}, UDP, as it was opened for this server", serving.Said, StringComparison.Ordinal);
        Assert.Equal("127.0.0.1\n", Ask(PortOf(datagrams), "localhost"));
    }

    [Fact]
    public void Sockets_for_another_process_are_left_alone()
    {
        using var folder = NewFolder();
        using var datagrams = Datagrams(IPAddress.Loopback);
        using var serving = ServingCommand.Start(
            folder.Path, With([datagrams], "", ["serve", "dns", "--zone", "example=zone", "--listen", "127.0.0.1:0"], process: "1"));
        Assert.NotEqual(PortOf(datagrams), serving.Port);
        Assert.Equal("192.0.2.1\n", Ask(serving.Port, "www.example"));
    }

    [Theory]
    [InlineData("many", "LISTEN_FDS is 'many', which is no number of sockets")]
    [InlineData("99999", "LISTEN_FDS is '99999', which is no number of sockets")]
    [InlineData("unix", "descriptor 3 of LISTEN_FDS is no socket of IPv4 or IPv6")]
    [InlineData("none", "descriptor 3 of LISTEN_FDS is no socket of IPv4 or IPv6")]
    [InlineData("unbound", "descriptor 3 of LISTEN_FDS is bound to no port")]
    [InlineData("connected", "descriptor 4 of LISTEN_FDS does not wait for connections: a socket unit wants 'Accept=no'")]
    [InlineData("tls", "LISTEN_FDNAMES=tls wants --tls-cert FILE")]
    public void What_is_no_socket_for_a_server_is_told(string which, string complaint)
    {
        using var folder = NewFolder();
        using var good = Datagrams(IPAddress.Loopback);
        using var listener = Connections(IPAddress.Loopback);
        using var other = which switch
        {
            "unix" => new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified),
            "unbound" => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp),
            _ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp),
        };
        if (which == "connected") { other.Connect(listener.LocalEndPoint!); }
        Socket[] sockets = which switch { "unix" or "unbound" => [other], "connected" => [good, other], "tls" => [listener], _ => [] };
        var count = which switch { "none" => "1", "many" or "99999" => which, _ => null };
        var start = With(sockets, which, ["serve", "dns", "--zone", "example=zone"], count: count);
        start.WorkingDirectory = folder.Path;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Equal("firstbyte: " + complaint, said.Split('\n')[0]);
        Assert.Equal(2, process.ExitCode);
    }
}
