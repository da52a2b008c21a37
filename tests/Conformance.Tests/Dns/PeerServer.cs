using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Conformance;

/// <summary>NSD, Knot or BIND, as Debian has them, serving a zone file on a loopback port, or Unbound in front of another server.</summary>
internal sealed class PeerServer : IDisposable
{
    /// <summary>How long an answer may take: a loaded machine starts a server in seconds.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly string _folder;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 2_000 };

    private PeerServer(Process process, string folder, int port)
    {
        (_process, _folder, Port) = (process, folder, port);
        DataReceivedEventHandler said = (_, e) =>
        {
            lock (_said) { _said.AppendLine(e.Data); }
        };
        process.OutputDataReceived += said;
        process.ErrorDataReceived += said;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>Where it serves.</summary>
    public int Port { get; }

    /// <summary>Where it serves over TLS, if it does.</summary>
    public int TlsPort { get; private set; }

    /// <summary>Starts NSD, Knot or BIND with a zone, or returns null when it is not installed.</summary>
    public static PeerServer? Start(string name, string origin, string zone) => name == "knot" ? StartKnot(origin, zone) : name == "nsd"
        ? Start("/usr/sbin/nsd", origin, [("zone", zone)], ["-d"], (folder, port) =>
            $"""
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
              database: ""
              minimal-responses: yes
            remote-control:
              control-enable: no
            zone:
              name: {origin}
              zonefile: zone

            """)
        : Start("/usr/sbin/named", origin, [("zone", zone)], ["-f", "-n", "1"], (folder, port) =>
            $$"""
            options { directory "{{folder}}"; pid-file "{{folder}}/pid"; session-keyfile "{{folder}}/key"; listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
             recursion no; notify no; zero-no-soa-ttl no; minimal-responses yes; allow-query { any; }; dnssec-validation no; check-names primary ignore; check-integrity no; };
            controls { };
            logging { category default { null; }; };
            zone "{{origin}}" { type primary; file "{{folder}}/zone"; };

            """);

    private static PeerServer? StartKnot(string origin, string zone) =>
        Start("/usr/sbin/knotd", origin, [("zone", zone)], [], (folder, port) =>
            $"""
            server:
              rundir: "{folder}"
              listen: 127.0.0.1@{port}
              udp-workers: 1
              tcp-workers: 1
              background-workers: 1
            log:
              - target: stdout
                any: warning
            database:
              storage: "{folder}"
            zone:
              - domain: {origin}
                storage: "{folder}"
                file: zone
                semantic-checks: off
                zonefile-sync: -1
                journal-content: none

            """);

    /// <summary>Starts Unbound as a validator that asks one server, with a zone's keys for its anchors; returns null when it is not installed.</summary>
    public static PeerServer? StartValidator(string origin, string keys, int server, IEnumerable<string>? below = null) =>
        Start("/usr/sbin/unbound", origin, [("keys", keys)], ["-d"], (folder, port) =>
            $"""
            server:
              interface: 127.0.0.1@{port}
              username: ""
              chroot: ""
              directory: "{folder}"
              pidfile: "{folder}/pid"
              use-syslog: no
              num-threads: 1
              do-not-query-localhost: no
              module-config: "validator iterator"
              trust-anchor-file: "{folder}/keys"
              local-zone: "test." nodefault
              aggressive-nsec: no
            remote-control:
              control-enable: no
            stub-zone:
              name: {origin}
              stub-addr: 127.0.0.1@{server}
            forward-zone:
              name: "."
              forward-addr: 127.0.0.1@{server}

            """ + string.Concat((below ?? []).Select(zone => $"stub-zone:\n  name: {zone}\n  stub-addr: 127.0.0.1@{server}\n")));

    /// <summary>Starts Unbound or BIND with a zone in clear on one port and over TLS on another one; null when it is not installed.</summary>
    public static PeerServer? StartTls(string name, string zone, (string Certificate, string Key) pem)
    {
        (string, string)[] files = [("zone", zone), ("cert.pem", pem.Certificate), ("key.pem", pem.Key)];
        var tlsPort = 0;
        var peer = name == "unbound"
            ? Start("/usr/sbin/unbound", "example.", files, ["-d"], (folder, port) =>
                $"""
                server:
                  interface: 127.0.0.1@{port}
                  interface: 127.0.0.1@{tlsPort = FreePort()}
                  tls-port: {tlsPort}
                  tls-service-key: "{folder}/key.pem"
                  tls-service-pem: "{folder}/cert.pem"
                  username: ""
                  chroot: ""
                  directory: "{folder}"
                  pidfile: "{folder}/pid"
                  use-syslog: no
                  num-threads: 1
                  module-config: "iterator"
                remote-control:
                  control-enable: no
                auth-zone:
                  name: "example."
                  zonefile: "{folder}/zone"
                  for-downstream: yes
                  for-upstream: yes

                """)
            : Start("/usr/sbin/named", "example.", files, ["-f", "-n", "1"], (folder, port) =>
                $$"""
                tls own { cert-file "{{folder}}/cert.pem"; key-file "{{folder}}/key.pem"; };
                options { directory "{{folder}}"; pid-file "{{folder}}/pid"; session-keyfile "{{folder}}/key"; listen-on port {{port}} { 127.0.0.1; };
                 listen-on port {{tlsPort = FreePort()}} tls own { 127.0.0.1; }; listen-on-v6 { none; };
                 recursion no; notify no; allow-query { any; }; dnssec-validation no; };
                controls { };
                logging { category default { null; }; };
                zone "example." { type primary; file "{{folder}}/zone"; };

                """);
        if (peer is not null) { peer.TlsPort = tlsPort; }
        return peer;
    }

    /// <summary>A port that is free when it is looked for may be another test's a moment later: a server that ends at once is started anew.</summary>
    private static PeerServer? Start(string program, string origin, (string Name, string Text)[] files, string[] arguments, Func<string, int, string> settings)
    {
        const int Tries = 5;
        if (!File.Exists(program)) { return null; }
        var ready = DnsMessage.Query(1, new Question(DnsName.Parse(origin), RecordType.SOA), HeaderFlags.RecursionDesired);
        for (var i = 1; ; i++)
        {
            var (folder, port) = (Directory.CreateTempSubdirectory("firstbyte-peer-").FullName, FreePort());
            foreach (var (name, text) in files) { File.WriteAllText(Path.Combine(folder, name), text); }
            var configuration = Path.Combine(folder, "settings");
            File.WriteAllText(configuration, settings(folder, port));
            var process = Process.Start(new ProcessStartInfo(program, [.. arguments, "-c", configuration])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            var peer = new PeerServer(process, folder, port);
            try
            {
                for (var tries = 0; tries < 100 && peer.Ask(ready).ResponseCode != ResponseCode.NoError; tries++) { Thread.Sleep(100); }
                return peer;
            }
            // One that is there and says nothing has lost its port to another one.
            catch (SocketException) when (i < Tries) { peer.Dispose(); }
        }
    }

    /// <summary>Asks until there is an answer.</summary>
    public DnsMessage Ask(DnsMessage query)
    {
        var (bytes, buffer, clock) = (query.ToArray(), new byte[4096], Stopwatch.StartNew());
        while (true)
        {
            try
            {
                _socket.Send(bytes);
                var length = _socket.Receive(buffer);
                Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out var error), $"{query.Questions[0]}: {error} {Convert.ToHexString(buffer.AsSpan(0, length))}");
                // The answer to a question that was asked again.
                if (answer.Id != query.Id && clock.Elapsed < s_patience) { continue; }
                return answer;
            }
            catch (SocketException) when (clock.Elapsed < s_patience && !_process.HasExited) { Thread.Sleep(100); }
            catch (SocketException e)
            {
                lock (_said) { throw new SocketException((int)e.SocketErrorCode, $"{query.Questions[0]}: {e.Message}; the server has said: {_said}"); }
            }
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (!_process.HasExited) { _process.Kill(entireProcessTree: true); }
        // With a limit it does not wait for who else may hold the pipes of its output.
        Assert.True(_process.WaitForExit(s_patience), "the server does not end");
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
