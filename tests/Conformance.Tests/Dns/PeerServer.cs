using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Conformance;

/// <summary>NSD or BIND, as Debian has them, serving a zone file on a loopback port.</summary>
internal sealed class PeerServer : IDisposable
{
    private readonly Process _process;
    private readonly string _folder;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 2_000 };

    private PeerServer(Process process, string folder, int port)
    {
        (_process, _folder) = (process, folder);
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Starts a server, or returns null when it is not installed.</summary>
    public static PeerServer? Start(string name, string origin, string zone)
    {
        var program = name switch { "nsd" => "/usr/sbin/nsd", _ => "/usr/sbin/named" };
        if (!File.Exists(program)) { return null; }
        var folder = Directory.CreateTempSubdirectory("firstbyte-peer-").FullName;
        File.WriteAllText(Path.Combine(folder, "zone"), zone);
        var port = FreePort();
        var (settings, arguments) = name == "nsd"
            ? ($"""
                server:
                  ip-address: 127.0.0.1@{port}
                  server-count: 1
                  username: ""
                  chroot: ""
                  zonesdir: "{folder}"
                  pidfile: "{folder}/pid"
                  xfrdfile: "{folder}/xfrd"
                  zonelistfile: "{folder}/zones"
                  xfrdir: "{folder}"
                  rrl-ratelimit: 0
                  minimal-responses: yes
                remote-control:
                  control-enable: no
                zone:
                  name: {origin}
                  zonefile: zone

                """, (string[])["-d", "-c", $"{folder}/settings"])
            : ($$"""
                options { directory "{{folder}}"; pid-file "{{folder}}/pid"; session-keyfile "{{folder}}/key"; listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
                 recursion no; notify no; zero-no-soa-ttl no; minimal-responses yes; allow-query { any; }; dnssec-validation no; check-names primary ignore; check-integrity no; };
                controls { };
                logging { category default { null; }; };
                zone "{{origin}}" { type primary; file "{{folder}}/zone"; };

                """, ["-f", "-n", "1", "-c", $"{folder}/settings"]);
        File.WriteAllText(Path.Combine(folder, "settings"), settings);
        var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var peer = new PeerServer(process, folder, port);
        var ready = DnsMessage.Query(1, new Question(DnsName.Parse(origin), RecordType.SOA));
        for (var tries = 0; tries < 100 && peer.Ask(ready).ResponseCode != ResponseCode.NoError; tries++) { Thread.Sleep(100); }
        return peer;
    }

    /// <summary>Asks until there is an answer.</summary>
    public DnsMessage Ask(DnsMessage query)
    {
        var (bytes, buffer) = (query.ToArray(), new byte[4096]);
        for (var tries = 0; ; tries++)
        {
            try
            {
                _socket.Send(bytes);
                var length = _socket.Receive(buffer);
                Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out var error), $"{query.Questions[0]}: {error} {Convert.ToHexString(buffer.AsSpan(0, length))}");
                // The answer to a question that was asked again.
                if (answer.Id != query.Id && tries < 50) { continue; }
                return answer;
            }
            catch (SocketException) when (tries < 50 && !_process.HasExited) { Thread.Sleep(100); }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (!_process.HasExited) { _process.Kill(entireProcessTree: true); }
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
