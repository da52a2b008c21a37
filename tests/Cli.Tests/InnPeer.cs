using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Firstbyte.Tests;

/// <summary>Debian's INN with a folder of its own, on a loopback port: innd, and nnrpd for whoever reads.</summary>
internal sealed class InnPeer : IDisposable
{
    private readonly Process _process;

    private InnPeer(int port, Process process) => (Port, _process) = (port, process);

    public int Port { get; }

    public static InnPeer Start(string folder)
    {
        const string Programs = "/usr/lib/news/bin";
        if (!File.Exists(Programs + "/innd")) { Assert.Skip("inn2 is not installed"); }
        if (Environment.UserName != "root") { Assert.Skip("innd runs as the user news, whom root alone can become"); }
        int port;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }
        string[] folders = ["etc", "db", "run", "log", "tmp", "spool/articles", "spool/overview", "spool/incoming", "spool/outgoing", "spool/archive", "spool/tmp"];
        foreach (var name in folders) { Directory.CreateDirectory(Path.Combine(folder, name)); }
        void Write(string name, string text) => File.WriteAllText(Path.Combine(folder, name), text);
        Write("etc/inn.conf", $"""
            domain: peer.test
            fromhost: peer.test
            pathhost: news.peer.test
            organization: test
            mta: "/bin/true %s"
            mailcmd: /bin/true
            ovmethod: tradindexed
            hismethod: hisv6
            enableoverview: true
            pathnews: /usr/lib/news
            pathbin: {Programs}
            pathfilter: {folder}/etc
            pathdb: {folder}/db
            pathetc: {folder}/etc
            pathrun: {folder}/run
            pathlog: {folder}/log
            pathhttp: {folder}/log
            pathtmp: {folder}/tmp
            pathspool: {folder}/spool
            patharticles: {folder}/spool/articles
            pathoverview: {folder}/spool/overview
            pathincoming: {folder}/spool/incoming
            pathoutgoing: {folder}/spool/outgoing
            patharchive: {folder}/spool/archive
            port: {port}
            bindaddress: 127.0.0.1
            runasuser: news
            runasgroup: news
            artcutoff: 0
            wireformat: true
            tlscertfile: {folder}/etc/cert.pem
            tlskeyfile: {folder}/etc/key.pem
            innwatchspoolspace: 0
            nnrpdloadlimit: 0

            """);
        Write("etc/storage.conf", "method tradspool { class: 1 newsgroups: * }\n");
        Write("etc/readers.conf", "auth \"all\" { hosts: \"127.0.0.1\" default: \"<reader>\" }\naccess \"all\" { users: \"<reader>\" newsgroups: \"*\" access: RPA }\n");
        Write("etc/incoming.conf", "streaming: true\npeer ME { hostname: \"127.0.0.1\" }\n");
        Write("etc/newsfeeds", "ME:!*/!local::\n");
        Write("etc/expire.ctl", "/remember/:10\n*:A:1:10:never\n");
        Write("etc/control.ctl", "all:*:*:drop\n");
        foreach (var name in (string[])["moderators", "distrib.pats", "subscriptions", "nnrpd.track", "passwd.nntp", "localgroups", "inn-secrets.conf"]) { Write("etc/" + name, ""); }
        string[] groups = ["control n", "control.cancel n", "control.checkgroups n", "control.newgroup n", "control.rmgroup n", "junk n", "local.test y", "local.closed n"];
        Write("db/active", string.Concat(groups.Select(static one => $"{one.Split(' ')[0]} 0000000000 0000000001 {one.Split(' ')[1]}\n")));
        foreach (var name in (string[])["newsgroups", "active.times", "history"]) { Write("db/" + name, ""); }
        Http.Programs.Run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1", "-subj", "/CN=peer.test", "-keyout", $"{folder}/etc/key.pem", "-out", $"{folder}/etc/cert.pem");
        Http.Programs.Run("chown", "-R", "news:news", folder);
        Http.Programs.Run("chmod", "640", $"{folder}/etc/key.pem");
        Http.Programs.Run("su", "-s", "/bin/sh", "news", "-c", $"cd {folder}/db && INNCONF={folder}/etc/inn.conf {Programs}/makedbz -i -o -f {folder}/db/history");
        var start = new ProcessStartInfo("su", ["-s", "/bin/sh", "news", "-c", $"INNCONF={folder}/etc/inn.conf exec {Programs}/innd -f -d -N -P {port}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        for (var tries = 0; ; tries++)
        {
            using var client = new TcpClient();
            try
            {
                client.Connect("127.0.0.1", port);
                return new InnPeer(port, process);
            }
            catch (SocketException) when (tries < 200 && !process.HasExited) { Thread.Sleep(50); }
        }
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
