using System.Text;
using System.Text.Json;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// A file of settings in JSON (RFC 8259; comments and a comma at the end of a list are taken too), whose every fault is told with its line and column.
/// </summary>
internal sealed class SettingsFile
{
    /// <summary>The depth of what we have settings for, and room (own choice).</summary>
    private const int MaxDepth = 16;

    private readonly Language _language;
    private readonly string _name;
    private readonly byte[] _bytes;

    private SettingsFile(Language language, string name, string text) => (_language, _name, _bytes) = (language, name, Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a file, which must hold one object.</summary>
    /// <exception cref="UsageException">It is no JSON, or no object.</exception>
    /// <exception cref="FileException">It cannot be read.</exception>
    public static SettingsObject Read(CommandIo io, string name)
    {
        var file = new SettingsFile(io.Language, name, io.ReadText(name));
        var reader = new Utf8JsonReader(
            file._bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
        try
        {
            reader.Read();
            var value = file.Value(ref reader);
            // What stands behind it makes the reader complain.
            reader.Read();
            return value.AsObject();
        }
        // The framework's words are not shown: the place is what helps.
        catch (JsonException e) { throw file.Fault(file.PlaceOf(e.LineNumber ?? 0, e.BytePositionInLine ?? 0), io.Language.Settings.NoJson); }
    }

    /// <summary>What is to be said of a place.</summary>
    public UsageException Fault(string place, Phrase complaint, int exitCode = Journeys.ExitCodes.Usage) =>
        new(_language.Settings.At(place, complaint), exitCode);

    private SettingsValue Value(ref Utf8JsonReader reader)
    {
        var place = PlaceOf(reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new List<SettingsMember>();
                while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
                {
                    var (name, at) = (reader.GetString()!, PlaceOf(reader.TokenStartIndex));
                    if (members.Exists(other => other.Name == name)) { throw Fault(at, _language.Settings.Twice(name)); }
                    reader.Read();
                    members.Add(new SettingsMember(name, at, Value(ref reader)));
                }
                return new SettingsValue(this, place, JsonTokenType.StartObject) { Members = members };
            case JsonTokenType.StartArray:
                var items = new List<SettingsValue>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) { items.Add(Value(ref reader)); }
                return new SettingsValue(this, place, JsonTokenType.StartArray) { Items = items };
            case JsonTokenType.String: return new SettingsValue(this, place, JsonTokenType.String) { Text = reader.GetString()! };
            default: return new SettingsValue(this, place, reader.TokenType) { Text = Encoding.UTF8.GetString(reader.ValueSpan) };
        }
    }

    private string PlaceOf(long index)
    {
        var before = _bytes.AsSpan(0, (int)index);
        var start = before.LastIndexOf((byte)'\n') + 1;
        return PlaceOf(before.Count((byte)'\n'), index - start);
    }

    // Lines and columns count from one, columns in characters.
    private string PlaceOf(long line, long byteInLine)
    {
        var start = 0;
        for (var i = 0L; i < line; i++) { start += _bytes.AsSpan(start).IndexOf((byte)'\n') + 1; }
        var column = Encoding.UTF8.GetCharCount(_bytes.AsSpan(start, (int)Math.Min(byteInLine, _bytes.Length - start)));
        return $"{_name}:{line + 1}:{column + 1}";
    }

    internal Language Language => _language;
}

/// <summary>A member of an object, with the place of its name.</summary>
internal sealed record SettingsMember(string Name, string Place, SettingsValue Value);

/// <summary>A value and its place.</summary>
internal sealed record SettingsValue(SettingsFile File, string Place, JsonTokenType Kind)
{
    public string Text { get; init; } = "";

    public IReadOnlyList<SettingsMember> Members { get; init; } = [];

    public IReadOnlyList<SettingsValue> Items { get; init; } = [];

    public SettingsObject AsObject() => Kind == JsonTokenType.StartObject ? new SettingsObject(this) : throw Wants(SettingsKind.Object);

    public Said AsText() => Kind == JsonTokenType.String ? new Said(Text, this) : throw Wants(SettingsKind.Text);

    /// <summary>One text, or a list of them.</summary>
    public IReadOnlyList<Said> AsTexts() => Kind switch
    {
        JsonTokenType.String => [AsText()],
        JsonTokenType.StartArray => [.. Items.Select(static item => item.AsText())],
        _ => throw Wants(SettingsKind.Texts),
    };

    public IReadOnlyList<SettingsObject> AsObjects() =>
        Kind == JsonTokenType.StartArray ? [.. Items.Select(static item => item.AsObject())] : throw Wants(SettingsKind.Objects);

    public bool AsTruth() => Kind is JsonTokenType.True or JsonTokenType.False ? Kind == JsonTokenType.True : throw Wants(SettingsKind.Truth);

    public uint AsNumber(uint least, uint most) =>
        Kind == JsonTokenType.Number && uint.TryParse(Text, out var number) && number >= least && number <= most
            ? number
            : throw File.Fault(Place, File.Language.Settings.WantsNumber(least, most));

    private UsageException Wants(SettingsKind kind) => File.Fault(Place, File.Language.Settings.Wants(kind));
}

/// <summary>An object of settings: every member is taken by somebody, or it is a mistake.</summary>
internal sealed class SettingsObject(SettingsValue value)
{
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    /// <summary>A member's value; null where it is not there.</summary>
    public SettingsValue? Find(string name)
    {
        _asked.Add(name);
        return value.Members.FirstOrDefault(member => member.Name == name)?.Value;
    }

    /// <summary>A member's value, which must be there.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public SettingsValue Get(string name) => Find(name) ?? throw value.File.Fault(value.Place, value.File.Language.Settings.Missing(name));

    /// <summary>Done with it.</summary>
    /// <exception cref="UsageException">Something stands there that nobody asked for.</exception>
    public void Close()
    {
        if (value.Members.FirstOrDefault(member => !_asked.Contains(member.Name)) is not { } unknown) { return; }
        throw value.File.Fault(unknown.Place, value.File.Language.Settings.Unknown(unknown.Name, Nearest.To(unknown.Name, _asked), _asked.Order()));
    }
}

/// <summary>A text that a user gave: with an option, or at a place of a file.</summary>
internal readonly record struct Said(string Text, SettingsValue? Where = null)
{
    public static implicit operator Said(string text) => new(text);

    /// <summary>Reads it; what is wrong with a text of a file is told with its place.</summary>
    /// <exception cref="UsageException">The reader's own.</exception>
    public T Read<T>(Func<string, T> read)
    {
        try { return read(Text); }
        catch (UsageException e) when (Where is { } where) { throw where.File.Fault(where.Place, e.Complaint, e.ExitCode); }
    }

    /// <summary>The same text, as another is made of it.</summary>
    public Said With(string text) => this with { Text = text };

    public override string ToString() => Text;
}
