using System.Text;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Wire;
using Firstbyte.Fuzz.Running;
using Firstbyte.Tls;

namespace Firstbyte.Fuzz.Dns;

/// <summary>A server as somebody names it for questions to be handed on to.</summary>
internal sealed class UpstreamTarget : FuzzTarget
{
    private const ushort ClearPort = 5353;

    private const string Pin = "sha256//YhKJKSzoTt2b5FP18fvpHo7fJYqQCjAa3HWY3tvRMwE=";

    public override string Name => "upstream";

    public override string Holds =>
        "no exception; name and path can be sent as they stand; who is to be shown is nowhere where nobody is; written out and read again it is the same";

    public override int MaximumLength => 600;

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "udp://", "tcp://", "tls://", "tls-opportunistic://", "https://", "192.0.2.1", "[2001:db8::1]", "2001:db8::1", ":853", "#", ",", ";",
        "/", "dns.example", Pin, "sha256//", "\\", "\\013\\010", "%eth0", " ");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "192.0.2.1", "[2001:db8::1]:5300", "tcp://192.0.2.1:53", "tls://192.0.2.1#dns.example",
        "TLS://[2001:db8::1]:8853#dns.example," + Pin, $"tls://192.0.2.1#{Pin};{Pin}",
        "tls-opportunistic://192.0.2.1:8853", "https://192.0.2.1/dns-query#dns.example",
        "https://[2001:db8::1]:8443/other?a=b%20c#" + Pin, "https://192.0.2.1/");

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (!UpstreamTransports.TryParse(text, ClearPort, out var server)) { return; }
        var isSecured = server.Transport is DnsTransport.Tls or DnsTransport.Https;
        Require(isSecured && server.InClear is null || server.Name.Length == 0 && server.PinnedKeys.Count == 0, "a name or a key where nobody shows who he is");
        Require(
            server.InClear is not { } clear
                || server.Transport == DnsTransport.Tls && clear.Address == server.Endpoint.Address && clear.Port == ClearPort,
            "in clear elsewhere");
        Require(server.Path.StartsWith('/') && !server.Path.AsSpan().ContainsAnyExceptInRange('!', '~'), $"a path that is none: {server.Path}");
        Require(server.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'), $"a name that no certificate is for: {server.Name}");
        Require(server.PinnedKeys.All(static key => key.Length == 32), "a fingerprint of another length");
        var scheme = server.InClear is not null ? "tls-opportunistic" : server.Transport switch
        {
            DnsTransport.Udp => "udp",
            DnsTransport.Tcp => "tcp",
            DnsTransport.Tls => "tls",
            _ => "https",
        };
        string[] who = [.. server.Name.Length > 0 ? [server.Name] : Array.Empty<string>(), .. server.PinnedKeys.Select(static key => PinnedKey.Text(key))];
        var path = server.Transport == DnsTransport.Https ? server.Path : "";
        var written = $"{scheme}://{server.Endpoint}{path}{(who.Length > 0 ? "#" + string.Join(',', who) : "")}";
        Require(UpstreamTransports.TryParse(written, ClearPort, out var again), $"not read again: {written}");
        Require(
            again with { PinnedKeys = server.PinnedKeys } == server && again.PinnedKeys.Count == server.PinnedKeys.Count
                && again.PinnedKeys.Zip(server.PinnedKeys).All(static pair => pair.First.AsSpan().SequenceEqual(pair.Second)),
            $"read again it is another one: {written}");
    }
}
