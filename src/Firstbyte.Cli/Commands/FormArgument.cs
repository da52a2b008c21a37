using System.Diagnostics.CodeAnalysis;
using System.Text;
using Firstbyte.Http;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>What an argument of -F says: one member of a form, in curl's words.</summary>
/// <remarks>
/// <code>
///   NAME=CONTENT | NAME=@FILE[,FILE…] | NAME=&lt;FILE        each with [;type=TYPE][;filename=NAME][;headers="NAME: VALUE"]…
/// </code>
/// A content, a file's name and a filename may stand in quotes, in which \" and \\ are the letters themselves. Of several files each is a part of the
/// same name (RFC 7578 4.3), where curl still makes one part of parts, which the RFC has withdrawn.
/// </remarks>
/// <param name="Name">The member's name.</param>
/// <param name="Kind">What the values are.</param>
/// <param name="Values">The content, or the files.</param>
internal sealed record FormArgument(string Name, FormValueKind Kind, IReadOnlyList<FormValue> Values)
{
    /// <summary>Reads an argument.</summary>
    public static bool TryRead(string text, [NotNullWhen(true)] out FormArgument? argument, out FormFault fault)
    {
        (argument, fault) = (null, FormFault.NoName);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0) { return false; }
        var (name, rest) = (text[..equals], text[(equals + 1)..]);
        var kind = rest switch { ['@', ..] => FormValueKind.File, ['<', ..] => FormValueKind.ContentOfFile, _ => FormValueKind.Text };
        fault = FormFault.Nested;
        if (rest is ['(', ..] or [')', ..]) { return false; }
        var reader = new Reader(kind == FormValueKind.Text ? rest : rest[1..], kind == FormValueKind.File);
        var values = new List<FormValue>();
        do
        {
            fault = reader.ReadValue(out var value);
            if (fault != FormFault.None) { return false; }
            values.Add(value!);
        }
        while (reader.GoesOn());
        argument = new FormArgument(name, kind, values);
        return true;
    }

    /// <summary>What --form-string says: nothing of it means anything but itself.</summary>
    public static FormArgument? OfString(string text) => text.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals
        ? new FormArgument(text[..equals], FormValueKind.Text, [new FormValue(text[(equals + 1)..], null, null, [])])
        : null;

    private sealed class Reader(string text, bool isList)
    {
        private int _at;

        public bool GoesOn()
        {
            if (!isList || _at >= text.Length || text[_at] != ',') { return false; }
            _at++;
            return true;
        }

        public FormFault ReadValue(out FormValue? value)
        {
            value = null;
            SkipBlanks();
            var isQuoted = At('"');
            var content = ReadWord();
            if (!isQuoted && isList) { content = content.TrimEnd(' ', '\t'); }
            string? type = null, fileName = null;
            var fields = new List<HttpField>();
            while (At(';'))
            {
                _at++;
                SkipBlanks();
                if (Takes("type=")) { type = ReadType(); }
                else if (Takes("filename=")) { fileName = ReadWord(); }
                else if (Takes("headers="))
                {
                    var field = ReadWord();
                    var colon = field.IndexOf(':', StringComparison.Ordinal);
                    if (colon <= 0) { return FormFault.FieldMalformed; }
                    fields.Add(new HttpField(field[..colon], field[(colon + 1)..].Trim(' ', '\t')));
                }
                else { return Takes("encoder=") ? FormFault.Encoder : FormFault.ParameterUnknown; }
            }
            value = new FormValue(content, type, fileName, fields);
            return FormFault.None;
        }

        // A media type has parameters of its own: what is none of ours belongs to it.
        private string ReadType()
        {
            SkipBlanks();
            var start = _at;
            ReadWord();
            while (At(';') && !IsOurs(text.AsSpan(_at + 1).TrimStart(' ')))
            {
                _at++;
                ReadWord();
            }
            return text[start.._at].Trim();
        }

        private static bool IsOurs(ReadOnlySpan<char> rest) =>
            rest.StartsWith("filename=") || rest.StartsWith("headers=") || rest.StartsWith("encoder=") || rest.StartsWith("type=");

        private string ReadWord()
        {
            if (At('"') && TryReadQuoted() is { } quoted) { return quoted; }
            var start = _at;
            while (_at < text.Length && text[_at] != ';' && !(isList && text[_at] == ',')) { _at++; }
            return text[start.._at];
        }

        // Quotes that never end are letters like others.
        private string? TryReadQuoted()
        {
            var word = new StringBuilder();
            for (var i = _at + 1; i < text.Length; i++)
            {
                if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\') { word.Append(text[++i]); }
                else if (text[i] == '"')
                {
                    _at = i + 1;
                    while (_at < text.Length && text[_at] != ';' && !(isList && text[_at] == ',')) { _at++; }
                    return word.ToString();
                }
                else { word.Append(text[i]); }
            }
            return null;
        }

        private bool At(char letter) => _at < text.Length && text[_at] == letter;

        private bool Takes(string word)
        {
            if (!text.AsSpan(_at).StartsWith(word)) { return false; }
            _at += word.Length;
            return true;
        }

        private void SkipBlanks()
        {
            while (_at < text.Length && text[_at] is ' ' or '\t') { _at++; }
        }
    }
}

/// <summary>What the value of a form's member is.</summary>
internal enum FormValueKind
{
    /// <summary>The content itself.</summary>
    Text,

    /// <summary>A file that is sent as a file.</summary>
    File,

    /// <summary>A file of which the content is the value.</summary>
    ContentOfFile,
}

/// <summary>One value of a form's member.</summary>
/// <param name="Content">The content, or the file's name.</param>
/// <param name="Type">Its media type; null where none is said.</param>
/// <param name="FileName">What the server is told the file is called; null where that is not said.</param>
/// <param name="Fields">Further fields.</param>
internal sealed record FormValue(string Content, string? Type, string? FileName, IReadOnlyList<HttpField> Fields);
