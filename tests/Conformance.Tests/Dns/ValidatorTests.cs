using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Conformance;

/// <summary>Unbound stands in front of our server on loopback with the zone's key as its anchor, and believes what it is told.</summary>
public class ValidatorTests
{
    private const string Program = "/usr/sbin/unbound";

    /// <summary>A question, the code of its answer, and whether it is secure where opt-out links cover what is missing (RFC 5155 section 9.2).</summary>
    private static readonly (string Name, RecordType Type, ResponseCode Code, bool IsSecureWithOptOut)[] Questions =
    [
        ("host1", RecordType.A, ResponseCode.NoError, true),
        ("cname", RecordType.A, ResponseCode.NoError, true),
        ("x.dname", RecordType.TXT, ResponseCode.NoError, true),
        ("host1", RecordType.MX, ResponseCode.NoError, true),
        ("b.c.ent", RecordType.A, ResponseCode.NoError, true),
        ("nothing.host1", RecordType.A, ResponseCode.NameError, false),
        ("any.thing", RecordType.TXT, ResponseCode.NoError, false),
        ("any.thing", RecordType.A, ResponseCode.NoError, false),
        ("x.wd", RecordType.A, ResponseCode.NoError, false),
        ("x.wc", RecordType.A, ResponseCode.NoError, false),
        ("gone", RecordType.A, ResponseCode.NameError, false),
        ("signed", RecordType.DS, ResponseCode.NoError, true),
        ("glued", RecordType.DS, ResponseCode.NoError, false),
    ];

    [Theory]
    [InlineData("nsec", false)]
    [InlineData("nsec3", false, "-3", "-", "-H", "0")]
    [InlineData("opt-out", true, "-3", "AB12", "-H", "2", "-A")]
    public async Task Answers_and_proofs_are_accepted(string chain, bool isOptOut, params string[] options)
    {
        if (!File.Exists(Program)) { Assert.Skip("unbound is not installed"); }
        using var signed = SignedZone.TrySign(DnsPeersTests.Origin, DnsPeersTests.ZoneText, options);
        if (signed is null) { Assert.Skip("dnssec-signzone is not installed"); }
        Assert.True(Zone.TryLoad(signed.Text, "zone", DnsName.Parse(DnsPeersTests.Origin), out var zone, out var problems), string.Join('\n', problems));
        using var server = new DnsServer(new OsNetwork(), new AuthoritativeResponder(new ZoneSet(zone)));
        var endpoint = server.Bind(new Endpoint(IpAddress.LoopbackV4, 0));
        var serving = server.RunAsync();
        using (var validator = Validator.Start(endpoint.Port, signed.Keys))
        {
            foreach (var (name, type, code, isSecureWithOptOut) in Questions)
            {
                var answer = validator.Ask(DnsName.Parse($"{name}.{DnsPeersTests.Origin}"), type);
                var told = $"{chain}: {name} {type}: {answer}";
                Assert.True(answer.ResponseCode == code, told);
                Assert.True((answer.Flags & HeaderFlags.AuthenticData) != HeaderFlags.None == (isSecureWithOptOut || !isOptOut), told);
            }
        }
        server.Dispose();
        await serving;
    }

    private sealed class Validator : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-unbound-").FullName;
        private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 2_000 };
        private readonly Process _process;

        /// <summary>A port that is free when it is looked for may be another test's a moment later; then the validator ends at once and is started anew.</summary>
        public static Validator Start(int server, string keys)
        {
            const int Tries = 5;
            for (var i = 1; ; i++)
            {
                var validator = new Validator(server, keys);
                if (i == Tries || !validator._process.WaitForExit(500)) { return validator; }
                validator.Dispose();
            }
        }

        private Validator(int server, string keys)
        {
            int port;
            using (var probe = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                port = ((IPEndPoint)probe.LocalEndPoint!).Port;
            }
            File.WriteAllText(Path.Combine(_folder, "keys"), keys);
            File.WriteAllText(Path.Combine(_folder, "settings"),
                $"""
                server:
                  interface: 127.0.0.1@{port}
                  username: ""
                  chroot: ""
                  directory: "{_folder}"
                  pidfile: "{_folder}/pid"
                  use-syslog: no
                  num-threads: 1
                  do-not-query-localhost: no
                  module-config: "validator iterator"
                  trust-anchor-file: "{_folder}/keys"
                  local-zone: "test." nodefault
                  aggressive-nsec: no
                remote-control:
                  control-enable: no
                stub-zone:
                  name: {DnsPeersTests.Origin}
                  stub-addr: 127.0.0.1@{server}
                forward-zone:
                  name: "."
                  forward-addr: 127.0.0.1@{server}

                """);
            _process = Process.Start(new ProcessStartInfo(Program, ["-d", "-c", $"{_folder}/settings"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
            })!;
            _process.BeginOutputReadLine();
            _process.BeginErrorReadLine();
            _socket.Connect(IPAddress.Loopback, port);
        }

        /// <summary>Asks until there is an answer: the validator needs a moment to start.</summary>
        public DnsMessage Ask(DnsName name, RecordType type)
        {
            var query = DnsMessage.Query(7, new Question(name, type), HeaderFlags.RecursionDesired, Edns.Default with { DnssecOk = true });
            var buffer = new byte[4096];
            for (var tries = 0; ; tries++)
            {
                try
                {
                    _socket.Send(query.ToArray());
                    var length = _socket.Receive(buffer);
                    Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, length), out var answer, out var error), $"{name} {type}: {error}");
                    if (answer.Questions.Count == 1 && answer.Questions[0].Name == name && answer.Questions[0].Type == type) { return answer; }
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
    }
}
