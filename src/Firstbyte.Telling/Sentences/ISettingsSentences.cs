using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What is wrong in a file of settings.</summary>
public interface ISettingsSentences
{
    /// <summary>A complaint with its place: file, line, column.</summary>
    Phrase At(string place, Phrase complaint);

    Phrase NoJson { get; }

    /// <summary>A member that nobody knows.</summary>
    Phrase Unknown(string member, string? nearest, IEnumerable<string> known);

    Phrase Twice(string member);

    Phrase Missing(string member);

    Phrase Wants(SettingsKind kind);

    Phrase WantsNumber(uint least, uint most);

    /// <summary>Settings that a server has changed in its file, and takes only when it starts.</summary>
    Phrase AtTheNextStart(IEnumerable<string> members);

    /// <summary>A zone that its settings name no more.</summary>
    Phrase ZoneLeft(string origin);
}

/// <summary>What a setting may have to be.</summary>
public enum SettingsKind
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>A text or a list of texts.</summary>
    Texts,

    /// <summary>An object.</summary>
    Object,

    /// <summary>A list of objects.</summary>
    Objects,

    /// <summary>True or false.</summary>
    Truth,
}
