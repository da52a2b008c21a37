using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Http;

/// <summary>Hosts that want TLS: the input is what they say, a line each, the first byte of which says who does; then a file of them.</summary>
internal sealed class HstsTarget : FuzzTarget
{
    private static readonly string[] s_hosts =
        ["example.com", "www.example.com", "a.www.example.com", "badexample.com", "com", "other.test", "192.0.2.1", "::1"];

    public override string Name => "hsts";

    public override string Holds => "what a host says changes nothing for hosts beside or above it, nor for addresses; a file keeps all of it";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[] { "max-age=", "31536000", "includeSubDomains", ";", "\"", "\n", "=",
            ".example.com \"unlimited\"", "host \"20270102 03:04:05\"" }.Select(Encoding.UTF8.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "1max-age=9; includeSubDomains\n0max-age=31536000; includeSubDomains\n1max-age=0\n2max-age=\"5\"",
        ".example.com \"20270102 03:04:05\"\nhost.test \"unlimited\"",
        "6max-age=1\n7max-age=1; includeSubDomains",
    }.Select(static text => FuzzChoices.Before(Encoding.UTF8.GetBytes(text)));

    public override void Check(byte[] input)
    {
        FuzzChoices.Take(input, out var rest);
        var (store, now) = (new HstsStore(), Instant.SimulationEpoch);
        foreach (var line in Encoding.Latin1.GetString(rest).Split('\n').Take(50))
        {
            if (line.Length == 0) { continue; }
            var from = s_hosts[line[0] % s_hosts.Length];
            var before = s_hosts.Select(host => store.Find(host, now)).ToArray();
            store.Note(from, line.AsSpan(1), now);
            for (var i = 0; i < s_hosts.Length; i++)
            {
                var after = store.Find(s_hosts[i], now);
                Require(
                    after == before[i] || s_hosts[i] == from || s_hosts[i].EndsWith("." + from, StringComparison.Ordinal),
                    $"what {from} says changes how {s_hosts[i]} is asked");
                Require(after is null || !(char.IsAsciiDigit(s_hosts[i][0]) || s_hosts[i].Contains(':')), "an address wants TLS");
            }
        }
        var file = store.Write(now);
        var read = new HstsStore();
        Require(read.Read(file, now).Count == 0, "a line that was written is not read");
        Require(read.Write(now) == file, "what was read is written differently");
        read.Read(Encoding.Latin1.GetString(rest), now);
        var again = read.Write(now);
        var last = new HstsStore();
        Require(last.Read(again, now).Count == 0 && last.Write(now) == again, "a file is not read as it was written");
    }
}
