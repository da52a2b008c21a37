using System.Text;
using Firstbyte.Dns.Validating;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>The file in which a zone's keys are followed.</summary>
internal sealed class AnchorFileTarget : FuzzTarget
{
    private const long Now = 1_700_000_000;

    private const string Key = "DNSKEY\t257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=";

    private const string Signer = "DS\t20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";

    public override string Name => "anchor-file";

    public override string Holds =>
        "no exception; what is refused has a reason and a line; keys within their limit; what nobody has followed is believed from now on; "
        + "written out and read again it is the same";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "; autotrust trust anchor file\n", ";;id: example. 1\n", ";;last_queried: ", ";;last_success: ", ";;next_probe_time: ",
        ";;query_failed: ", ";;query_interval: ", ";;retry_time: ", ";;state=", ";;count=0",
        ";;lastchange=", "253402300799", "\n", "\r\n", "example.\t3600\tIN\t", ".\t0\tIN\t", Key, Signer,
        "\\;", "\\059", "(", ")", "$ORIGIN x.\n", "\\# 4 01010308");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        $". IN {Signer}\n", $"example. 3600 IN {Key}\nexample. IN {Signer}\n", $"; comment\n$ORIGIN example.\n@ 60 IN {Key} ; another\n",
        $"; autotrust trust anchor file\n;;id: . 1\n;;last_queried: 1700000000 ;;2023\n"
            + ";;last_success: 1700000000 ;;2023\n;;next_probe_time: 1700040000 ;;2023\n"
            + $";;query_failed: 2\n;;query_interval: 43200\n;;retry_time: 8640\n.\t0\tIN\t{Signer} ;;state=2 [  VALID  ]\n"
            + $".\t172800\tIN\t{Key} ;{{id = 3613 (ksk)}} ;;state=1 [ ADDPEND ] ;;count=0 ;;lastchange=1690000000 ;;2023\n",
        string.Concat(Enumerable.Range(0, 6).Select(static state => $"example. 60 IN {Key} ;;state={state} ;;lastchange=1690000000\n")));

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (ManagedAnchorText.Read(text, Now, out var flaw, out var line) is not { } anchor)
        {
            Require(flaw != AnchorFileFlaw.None && line >= 0 && line <= text.Split('\n').Length, $"refused for {flaw} in line {line}");
            return;
        }
        Require(flaw == AnchorFileFlaw.None && line == 0, $"read, and {flaw} in line {line}");
        Require(anchor.Keys.Count + anchor.Signers.Length is > 0 and <= ManagedAnchor.MaxKeys, "no key, or too many");
        Require(
            anchor.Keys.All(static key => key.State != ManagedKeyState.Start && Enum.IsDefined(key.State) && key.Since >= 0),
            "a key of which nothing is known");
        var isFollowed = text.Contains(";;state=", StringComparison.Ordinal);
        Require(isFollowed || anchor.Keys.All(static key => key.IsBelieved && key.Since == Now), "what nobody has followed is not believed");
        var written = ManagedAnchorText.Write(anchor);
        var again = ManagedAnchorText.Read(written, Now + 1, out flaw, out line);
        Require(again is not null, $"not read again: {flaw} in line {line}:\n{written}");
        Require(
            again!.Zone == anchor.Zone && again.Times == anchor.Times
                && again.Keys.SequenceEqual(anchor.Keys) && again.Signers.SequenceEqual(anchor.Signers),
            $"read again it is another one:\n{written}");
        // Only a zone's own names are believed.
        Require(TrustAnchors.From(again.Believed).All.All(one => one.Zone == anchor.Zone), "keys of another zone");
    }
}
