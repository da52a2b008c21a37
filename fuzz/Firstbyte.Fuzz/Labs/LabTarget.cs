using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Labs;

namespace Firstbyte.Fuzz.Labs;

/// <summary>The reader of lab files.</summary>
internal sealed class LabTarget : FuzzTarget
{
    private static readonly byte[] File = "a page"u8.ToArray();

    private static readonly byte[] Small = """
        lab "small" seed 3 client a
        subnet n 10.0.0.0/24 fd00::/64 hub
        router r on n .1
        host a on n .2 gateway r nameserver 10.0.0.3 file /x "\"y\\"
          serves http, https port 8 for a.b certificate expired delay 1ms pace 5kB { / "x" /r redirect "/" 301 /e endless /s size 5kB /b base64 "AAAA" }
          serves dns delay 1s zone "t" { @ 1 IN SOA a b 1 2 3 4 5
            @ 1 IN NS a.example. }
        link a-n up latency 1ms jitter 2us loss 0.1%
        at 1s partition { a } { a } for 2s
        within 0s..5s break a 8 after 9 by reset

        """u8.ToArray();

    public override string Name => "lab";

    public override string Holds => "a lab, or an error with a place in the file; a lab that is written is read as the same one";

    public override int MaximumLength => 8192;

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "lab", "subnet", "router", "host", "link", "at", "within", "on", "serves", "zone", "from", "for", "{", "}", ",", "\"", "\\", "#", "\n", "\n ", ".1", ".4294967295", "10.0.0.0/8", "::/0", "0s..1s",
        "1e9s", "99999999999999999999ms", "100%", "0.00001%", "18446744073709551616", "\u2028", "\0");

    public override IEnumerable<byte[]> Seeds() =>
    [
        FuzzChoices.Before(Small),
        .. LabCatalog.Names.Select(static name => FuzzChoices.Before(Encoding.UTF8.GetBytes(LabFile.Write(LabCatalog.Load(name)!)))),
    ];

    public override void Check(byte[] input)
    {
        var random = FuzzChoices.Take(input, out var file);
        LabDefinition lab;
        try { lab = LabFile.Parse(Encoding.UTF8.GetString(file), "fuzz.lab", _ => random.Below(3) == 0 ? null : File); }
        catch (LabFileException error)
        {
            if (error.Place.Line < 1 || error.Place.Column < 1) { throw new FuzzFindingException("the error has no place"); }
            return;
        }
        var again = LabFile.Parse(LabFile.Write(lab), "written.lab");
        if (LabFile.ToJson(again) != LabFile.ToJson(lab)) { throw new FuzzFindingException("the lab that was written is read as another one"); }
    }
}
