using System.Text;

namespace Firstbyte.Dns.Records;

/// <summary>Collects the words of a record's data, with one blank between two.</summary>
internal sealed class RecordTextWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds a word.</summary>
    public void Word(ReadOnlySpan<char> word)
    {
        if (_text.Length > 0) { _text.Append(' '); }
        _text.Append(word);
    }

    /// <summary>Adds a number.</summary>
    public void Word(ulong number)
    {
        if (_text.Length > 0) { _text.Append(' '); }
        _text.Append(number);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
