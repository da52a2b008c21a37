using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Telling.Rows;

/// <summary>Words with what stands in their holes: a run of spans, each with its role, and safe to show whatever the network put into a hole.</summary>
/// <remarks>
/// Theory of operation. A sentence is written as an interpolated string whose target is a phrase: <c>$"connect({descriptor},
/// {remote})"</c>. The compiler then hands
/// over words and holes one by one. Words are the writer's own. A hole's role comes from its type (an address, a number) or from a format
/// (<c>{name:name}</c>), numbers know one culture only, and every text that comes through a hole is made safe by <see cref="Printable"/>:
/// nobody has to remember to.
/// </remarks>
[InterpolatedStringHandler]
public sealed class Phrase
{
    private readonly List<PhraseSpan> _spans;

    /// <summary>Begins a phrase; the compiler says how much is coming.</summary>
    public Phrase(int literalLength, int formattedCount) => _spans = new List<PhraseSpan>(literalLength == 0 ? formattedCount : (formattedCount * 2) + 1);

    private Phrase(List<PhraseSpan> spans) => _spans = spans;

    /// <summary>No words.</summary>
    public static Phrase Empty { get; } = new([]);

    /// <summary>The runs in their order.</summary>
    public IReadOnlyList<PhraseSpan> Spans => _spans;

    /// <summary>Whether there is nothing to read.</summary>
    public bool IsEmpty => _spans.Count == 0;

    /// <summary>Words, made safe as every text is.</summary>
    public static implicit operator Phrase(string words) => Of(words, Role.Words);

    /// <summary>
    /// The phrase itself: an arm of a choice that is written so makes its neighbours phrases too, where plain interpolation would make
    /// strings without roles.
    /// </summary>
    public static Phrase Say(Phrase phrase) => phrase;

    /// <summary>A text in a role, made safe.</summary>
    public static Phrase Of(string text, Role role) => text.Length == 0 ? Empty : new([new PhraseSpan(Printable.Text(text), role)]);

    /// <summary>The phrases one after the other with a separator between them.</summary>
    public static Phrase Join(string separator, IEnumerable<Phrase> parts)
    {
        var spans = new List<PhraseSpan>();
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst) { spans.Add(new PhraseSpan(separator, Role.Words)); }
            isFirst = false;
            spans.AddRange(part._spans);
        }
        return new Phrase(spans);
    }

    /// <summary>One phrase behind the other.</summary>
    public static Phrase operator +(Phrase left, Phrase right) => right.IsEmpty ? left : left.IsEmpty ? right : new([.. left._spans, .. right._spans]);

    /// <summary>The phrase's words as text without roles.</summary>
    public override string ToString()
    {
        if (_spans.Count == 1) { return _spans[0].Text; }
        var text = new StringBuilder();
        foreach (var span in _spans) { text.Append(span.Text); }
        return text.ToString();
    }

    /// <summary>Takes words of the sentence itself.</summary>
    public void AppendLiteral(string words) => _spans.Add(new PhraseSpan(words, Role.Words));

    /// <summary>Takes a phrase as it is.</summary>
    public void AppendFormatted(Phrase? phrase)
    {
        if (phrase is not null) { _spans.AddRange(phrase._spans); }
    }

    /// <summary>Takes a text from anywhere, and makes it safe.</summary>
    public void AppendFormatted(string? text) => Add(text, Role.Text);

    /// <summary>Takes a text in the role that the format names: <c>{host:name}</c>, <c>{words:words}</c>.</summary>
    public void AppendFormatted(string? text, string format) => Add(text, format switch { "name" => Role.Name, "words" => Role.Words, _ => Role.Text });

    /// <summary>Takes an address.</summary>
    public void AppendFormatted(IpAddress address) => Add(address.ToString(), Role.Address);

    /// <summary>Takes an address.</summary>
    public void AppendFormatted(IpAddress? address) => Add(address?.ToString(), Role.Address);

    /// <summary>Takes an address with its port.</summary>
    public void AppendFormatted(Endpoint endpoint) => Add(endpoint.ToString(), Role.Address);

    /// <summary>Takes an address with its port.</summary>
    public void AppendFormatted(Endpoint? endpoint) => Add(endpoint?.ToString(), Role.Address);

    /// <summary>Takes a subnet.</summary>
    public void AppendFormatted(IpPrefix prefix) => Add(prefix.ToString(), Role.Address);

    /// <summary>Takes anything else: numbers in the one culture, names of enums and the like as they are.</summary>
    public void AppendFormatted<T>(T value, string? format = null)
    {
        var text = value is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : value?.ToString();
        Add(text, value is InterfaceAddress or MacAddress ? Role.Address : IsNumber(value) ? Role.Number : Role.Text);
    }

    private static bool IsNumber<T>(T value) =>
        value is sbyte or byte or short or ushort or int or uint or long or ulong or UInt128 or System.Numerics.BigInteger or float or double or decimal;

    private void Add(string? text, Role role)
    {
        if (!string.IsNullOrEmpty(text)) { _spans.Add(new PhraseSpan(Printable.Text(text), role)); }
    }
}

/// <summary>A run of text with the role in which it stands.</summary>
public readonly record struct PhraseSpan(string Text, Role Role);
