using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Fuzz.Running;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Sends signed queries to a server that knows the key, and the same bytes as an answer to who has asked with it.</summary>
internal sealed class TsigTarget : FuzzTarget
{
    private static readonly TsigKey s_key = new(DnsName.Parse("key."), TsigAlgorithm.HmacSha256, "secret"u8, 16);
    private static readonly DnsMessage s_query = DnsMessage.Query(7, new Question(DnsName.Parse("example."), RecordType.SOA));

    private static readonly AuthoritativeServer s_server = new(
        Load(), new AuthoritativeServerOptions { Keys = new TsigKeyring(s_key) });

    public override string Name => "dns-tsig";

    public override string Holds => "no exception; a signed answer goes only to who knows the secret, and holds for them; nobody else's signature is believed";

    public override int MaximumLength => 1024;

    public override IReadOnlyList<byte[]> Tokens => [.. DnsTokens.All, s_key.Name.Wire.ToArray(), TsigAlgorithm.HmacSha256.Name.Wire.ToArray(), [0, 250, 0, 255]];

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var key in (TsigKey[])[s_key, new(DnsName.Parse("other."), TsigAlgorithm.HmacSha1, "x"u8), new(s_key.Name, s_key.Algorithm, "wrong"u8)])
        {
            foreach (var at in (Instant[])[default, new(1L << 50)]) { yield return Sign(new TsigSession(key), s_query.ToArray(), at); }
        }
        yield return s_query.ToArray();
    }

    public override void Check(byte[] input)
    {
        var response = new byte[1232];
        var length = s_server.Answer(input, new QuerySource(default, DnsTransport.Udp), response);
        if (length > 0)
        {
            Require(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), $"an answer that cannot be read: {error}");
            var isSigned = answer.Additionals.Any(static record => record.Type == RecordType.TSIG);
            // The bytes that know the secret are those that a session of ours has made, whatever was put around them.
            if (isSigned && answer.ResponseCode == ResponseCode.NoError) { Require(IsBelieved(input), "a signature that nobody has made is believed"); }
        }
        var session = new TsigSession(s_key);
        Sign(session, s_query.ToArray(), default);
        var fault = session.Verify(input, default, out var signedLength);
        Require(signedLength <= input.Length && fault != TsigFault.None, "an answer that no server has signed is believed");
    }

    /// <summary>A plain reading: the signature is the last record, and its code is the one that the secret makes of what stands before it.</summary>
    private static bool IsBelieved(byte[] input)
    {
        if (!DnsMessage.TryParse(input, out var message, out _) || message.Additionals is not [.., { Type.Value: 250 } record]) { return false; }
        var data = record.RawData;
        var at = s_key.Algorithm.Name.Length;
        var time = data.Slice(at, 6);
        var macLength = data[at + 8] << 8 | data[at + 9];
        var mac = data.Slice(at + 10, macLength);
        var start = input.AsSpan().LastIndexOf(data) - 10;
        var code = System.Security.Cryptography.IncrementalHash.CreateHMAC(System.Security.Cryptography.HashAlgorithmName.SHA256, "secret"u8.ToArray());
        var unsigned = input[..(start - OwnerLength(input, start))];
        data.Slice(at + 10 + macLength, 2).CopyTo(unsigned);
        unsigned[11]--;
        if (unsigned[11] == byte.MaxValue) { unsigned[10]--; }
        code.AppendData(unsigned);
        code.AppendData(s_key.Name.Wire);
        code.AppendData([0, 255, 0, 0, 0, 0]);
        code.AppendData(s_key.Algorithm.Name.Wire);
        code.AppendData(time);
        code.AppendData(data.Slice(at + 6, 2));
        code.AppendData(data[(at + 12 + macLength)..]);
        return macLength >= 16 && code.GetHashAndReset().AsSpan(0, macLength).SequenceEqual(mac);
    }

    /// <summary>The owner is written out, or a pointer to where it stands.</summary>
    private static int OwnerLength(byte[] input, int end) =>
        input.AsSpan(0, end).EndsWith(s_key.Name.Wire) || WireName.Equals(input.AsSpan(end - s_key.Name.Length, s_key.Name.Length), s_key.Name.Wire)
            ? s_key.Name.Length : 2;

    private static byte[] Sign(TsigSession session, byte[] message, Instant at)
    {
        var buffer = new byte[message.Length + session.SignatureLength];
        message.CopyTo(buffer, 0);
        return buffer[..session.Sign(buffer, message.Length, at)];
    }

    private static ZoneSet Load() =>
        Zone.TryLoad("$TTL 60\n@ SOA ns h 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n", "fuzz", DnsName.Parse("example."), out var zone, out var problems)
            ? new ZoneSet(zone)
            : throw new InvalidOperationException(string.Join('\n', problems));
}

/// <summary>Reads a file of keys for messages.</summary>
internal sealed partial class TsigKeyFileTarget : FuzzTarget
{
    public override string Name => "tsig-key-file";

    public override string Holds => "no exception; keys have distinct names, written again in the plain form they are read as the same, and comments are blanks";

    public override IReadOnlyList<byte[]> Tokens =>
        Utf8("key ", "{", "}", ";", "\"", "algorithm ", "secret ", "hmac-sha256", "-128", "hmac-md5.sig-alg.reg.int", "AA==", "//", "/*", "*/", "#", "\n");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "key \"a.example\" {\n\talgorithm hmac-sha256;\n\tsecret \"c2VjcmV0\";\n};\n",
        "// c\n/* d */ key b { secret AA==; algorithm hmac-sha512-256; }; # e\nkey c{algorithm hmac-sha224;secret\"AAAA\";};");

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var isRead = TsigKeyFile.TryRead(text, out var keys, out var fault, allowsMd5: true);
        var isReadBare = TsigKeyFile.TryRead(WithoutComments(text), out var bare, out var bareFault, allowsMd5: true);
        Require(isRead == isReadBare && fault == bareFault && keys.Select(Tell).SequenceEqual(bare.Select(Tell)), $"without its comments it is read otherwise: {fault}, {bareFault}");
        if (!isRead)
        {
            Require(fault.Flaw != TsigKeyFlaw.None && fault.Line >= 1 && fault.Line <= text.Count('\n') + 1, $"refused without a reason or a place: {fault}");
            return;
        }
        Require(keys.Count is > 0 and <= TsigKeyFile.MaxKeys && keys.DistinctBy(static key => key.Name).Count() == keys.Count, "no keys, or a name twice");
        var plain = string.Concat(keys.Select(static key => $"key \"{key.Name}\" {{ algorithm {key.Algorithm}-{key.MacLength * 8}; secret \"AA==\"; }};\n"));
        Require(TsigKeyFile.TryRead(plain, out var again, out fault, allowsMd5: true), $"{fault}\n{plain}");
        Require(again.Select(Tell).SequenceEqual(keys.Select(Tell)), $"read again they are others:\n{plain}");
    }

    private static string Tell(TsigKey key) => $"{key} {key.MacLength}";

    /// <summary>Each comment is a blank that keeps its lines.</summary>
    private static string WithoutComments(string text) =>
        Pieces().Replace(text, static piece => piece.Groups["comment"].Success ? " " + new string('\n', piece.Value.Count('\n')) : piece.Value);

    // A comment begins only where a word could.
    [GeneratedRegex("""(?<comment>/\*.*?\*/|//[^\n]*|\#[^\n]*)|/\*.*|"[^"]*"|".*|[{};]|[^\s{};"]+""", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Pieces();
}
