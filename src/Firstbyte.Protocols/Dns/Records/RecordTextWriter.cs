using System.Text;

namespace Firstbyte.Dns.Records;

/// <summary>Collects the words of a record's data, with one blank between two.</summary>
internal class RecordTextWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds the digits of bytes, which may stand in any number of words.</summary>
    public virtual void Digits(string digits) => Word(digits);

    /// <summary>Adds a word.</summary>
    public virtual void Word(ReadOnlySpan<char> word)
    {
        if (_text.Length > 0) { _text.Append(' '); }
        _text.Append(word);
    }

    /// <summary>Adds a number.</summary>
    public virtual void Word(ulong number)
    {
        if (_text.Length > 0) { _text.Append(' '); }
        _text.Append(number);
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
