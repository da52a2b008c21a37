using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal sealed class EnglishSettings : ISettingsSentences
{
    public Phrase At(string place, Phrase complaint) => $"{place}: {complaint}";

    public Phrase NoJson => "this is no JSON (a text wants quotes, members want commas between them)";

    public Phrase Unknown(string member, string? nearest, IEnumerable<string> known) =>
        nearest is null
            ? $"there is no setting '{member}' here, but {string.Join(", ", known):words}"
            : $"there is no setting '{member}' here; did you mean '{nearest}'?";

    public Phrase Twice(string member) => $"'{member}' stands here a second time";

    public Phrase Missing(string member) => $"'{member}' is missing here";

    public Phrase Wants(SettingsKind kind) => kind switch
    {
        SettingsKind.Text => "this must be a text",
        SettingsKind.Texts => "this must be a text or a list of texts",
        SettingsKind.Object => "this must be an object, in braces",
        SettingsKind.Objects => "this must be a list of objects, each in braces",
        SettingsKind.Truth => "this must be true or false",
    };

    public Phrase WantsNumber(uint least, uint most) => $"this must be a number from {least} to {most}";

    public Phrase AtTheNextStart(IEnumerable<string> members) =>
        $"changed, and taken when the server starts the next time: {string.Join(", ", members):words}";

    public Phrase ZoneLeft(string origin) => $"zone {origin} is served no more";
}
