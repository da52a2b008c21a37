using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Firstbyte.Tests;

/// <summary>NSD, Knot or BIND as primary or as secondary of a zone, on a loopback port, with the key "k".</summary>
internal sealed class TransferPeer : IDisposable
{
    public const string Secret = "c2VjcmV0IG9mIHR3byBzZXJ2ZXJz";

    public const string Origin = "example.test";

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private bool _isDisposed;

    private TransferPeer(string name, Process process, string folder, int port)
    {
        (Name, _process, Folder, Port) = (name, process, folder, port);
        DataReceivedEventHandler said = (_, e) =>
        {
            lock (_said) { _said.AppendLine(e.Data); }
        };
        process.OutputDataReceived += said;
        process.ErrorDataReceived += said;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Name { get; }

    public string Folder { get; }

    public int Port { get; }

    public string Said
    {
        get { lock (_said) { return _said.ToString(); } }
    }

    /// <summary>The program of a server, or a skipped test.</summary>
    public static string Require(string name)
    {
        var program = name switch { "nsd" => "/usr/sbin/nsd", "knot" => "/usr/sbin/knotd", _ => "/usr/sbin/named" };
        if (!File.Exists(program)) { Assert.Skip($"{name} is not installed"); }
        return program;
    }

    /// <summary>Starts a server with the zone of a text, which it gives to whoever has the key, and of which it tells another server.</summary>
    public static TransferPeer StartPrimary(string name, string zone, int port, int secondary) => Start(name, port, zone, (folder, isolated) => name switch
    {
        "nsd" => Nsd(folder, port, $"  provide-xfr: 127.0.0.1 k\n  notify: 127.0.0.1@{secondary} k\n  store-ixfr: yes\n  create-ixfr: yes\n"),
        "knot" => Knot(folder, port, secondary, "  notify: other\n    acl: all\n    journal-content: changes\n    zonefile-load: difference\n"),
        _ => Bind(folder, port, $"type primary; file \"{folder}/zone\"; allow-transfer {{ key k; }}; allow-update {{ key k; }}; notify explicit; also-notify {{ 127.0.0.1 port {secondary} key k; }};"),
    });

    /// <summary>Starts a server that copies the zone from another one.</summary>
    public static TransferPeer StartSecondary(string name, int port, int primary) => Start(name, port, null, (folder, isolated) => name switch
    {
        "nsd" => Nsd(folder, port, $"  request-xfr: 127.0.0.1@{primary} k\n  allow-notify: 127.0.0.1 k\n  provide-xfr: 127.0.0.1 k\n"),
        "knot" => Knot(folder, port, primary, "  master: other\n    acl: all\n"),
        _ => Bind(folder, port, $"type secondary; file \"{folder}/zone\"; masterfile-format text; primaries {{ 127.0.0.1 port {primary} key k; }}; allow-transfer {{ key k; }}; notify no;"),
    });

    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>NSD reads its zone files again on this signal.</summary>
    public void Reload() => SignalSender.Send(_process, "HUP");

    public void Dispose()
    {
        if (_isDisposed) { return; }
        _isDisposed = true;
        if (!_process.HasExited) { _process.Kill(entireProcessTree: true); }
        Assert.True(_process.WaitForExit(TimeSpan.FromSeconds(20)), "the server does not end");
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private static TransferPeer Start(string name, int port, string? zone, Func<string, bool, string> settings)
    {
        var program = Require(name);
        var folder = Directory.CreateTempSubdirectory("firstbyte-peer-").FullName;
        if (zone is not null) { File.WriteAllText(Path.Combine(folder, "zone"), zone); }
        var configuration = Path.Combine(folder, "settings");
        File.WriteAllText(configuration, settings(folder, true));
        string[] arguments = name switch { "nsd" => ["-d"], "knot" => [], _ => ["-f", "-n", "1"] };
        return new TransferPeer(name, Process.Start(new ProcessStartInfo(program, [.. arguments, "-c", configuration])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        })!, folder, port);
    }

    private static string Nsd(string folder, int port, string rest) =>
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
          xfrd-reload-timeout: 0
          database: ""
        remote-control:
          control-enable: no
        key:
          name: "k"
          algorithm: hmac-sha256
          secret: "{Secret}"
        zone:
          name: {Origin}
          zonefile: zone
        {rest}
        """;

    private static string Knot(string folder, int port, int other, string rest) =>
        $"""
        server:
            rundir: "{folder}"
            listen: 127.0.0.1@{port}
            udp-workers: 1
            tcp-workers: 1
            background-workers: 1
        log:
          - target: stdout
            any: info
        database:
            storage: "{folder}"
        key:
          - id: k
            algorithm: hmac-sha256
            secret: {Secret}
        remote:
          - id: other
            address: 127.0.0.1@{other}
            key: k
        acl:
          - id: all
            address: 127.0.0.1
            key: k
            action: [transfer, notify, update]
        zone:
          - domain: {Origin}
            storage: "{folder}"
            file: zone
            semantic-checks: off
          {rest}
        """;

    private static string Bind(string folder, int port, string zone) =>
        $$"""
        key k { algorithm hmac-sha256; secret "{{Secret}}"; };
        options { directory "{{folder}}"; pid-file "{{folder}}/pid"; session-keyfile "{{folder}}/session"; listen-on port {{port}} { 127.0.0.1; }; listen-on-v6 { none; };
         recursion no; allow-query { any; }; dnssec-validation no; check-names primary ignore; check-integrity no; notify-delay 0; serial-query-rate 1000; };
        controls { };
        logging { channel out { stderr; severity info; }; category default { out; }; };
        zone "." { type hint; file "/dev/null"; };
        zone "{{Origin}}" { {{zone}} };

        """;
}
