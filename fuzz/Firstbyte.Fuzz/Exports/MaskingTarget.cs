using System.Text;
using Firstbyte.Exports;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Exports;

/// <summary>Secrets in text: the input surrounds a marked secret, which stands where a secret stands.</summary>
internal sealed class MaskingTarget : FuzzTarget
{
    private const string Secret = "s3cr3tMark";

    public override string Name => "masking";

    public override string Holds => "no exception; the marked secret is nowhere in the masked text; what is masked stays as it is when masked again";

    public override IReadOnlyList<byte[]> Tokens => Utf8("?", "&", "=", "@", ":", "//", "#", "/", "password", "token", "%70", "\r\n", ";", "a=b", "\"", " ", "Authorization: Basic ");

    public override IEnumerable<byte[]> Seeds() => Utf8("x", "user", "a=1&b", "http://h/p?a", "").SelectMany(static text => Enumerable.Range(0, 6).Select(kind => FuzzChoices.Before(text, (ushort)kind)));

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var bytes);
        var text = Encoding.Latin1.GetString(bytes);
        if (text.Contains(Secret, StringComparison.Ordinal)) { return; }
        var cut = text.Length == 0 ? 0 : choices.Below(text.Length + 1);
        var (before, after) = (text[..cut], text[cut..]);
        switch (choices.Below(3))
        {
            case 0:
                // A member of a query begins behind "?" or "&" and ends before "&" or "#".
                Hidden(SecretText.MaskUrl($"http://h/?{Clean(before)}&password={Secret}&{after}"));
                break;
            case 1:
                Hidden(SecretText.MaskUrl($"http://{Clean(before)}:{Secret}@{Clean(after)}/{after}"));
                break;
            default:
                Hidden(SecretText.MaskMembers($"{Clean(before)}&token={Secret}&{after}"));
                break;
        }
    }

    // Without what would make the secret another thing than a secret: the end of the authority, of the query.
    private static string Clean(string text) => new([.. text.Where(static c => c is > ' ' and < '\x7F' and not ('/' or '?' or '#' or '@' or '"' or '\\'))]);

    private static void Hidden(string masked) => Require(!masked.Contains(Secret, StringComparison.Ordinal), $"the secret shows: {masked}");
}
