using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>-C: what is here of a file already, and from where on it is gone on with.</summary>
internal static class Continuation
{
    // What a file has is for the server to say.
    private const long AllThatTheServerHas = -1;

    /// <summary>The settings with what -C comes to.</summary>
    /// <param name="io">Where the file is.</param>
    /// <param name="settings">What is asked for.</param>
    /// <exception cref="UsageException">It cannot be done as it was typed.</exception>
    public static FetchSettings Resolve(CommandIo io, FetchSettings settings)
    {
        if (settings.ContinueAt is not { } text) { return settings; }
        var isOwn = text == CommandIo.StandardStream;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && !isOwn) { throw Misuse(ContinuationMisuse.NoPlace, text); }
        if (settings.Uploads.Length > 0) { return settings with { ResumeAt = isOwn ? AllThatTheServerHas : at }; }
        if (settings.TakesServersNames) { throw Misuse(ContinuationMisuse.NameUnknown, text); }
        if (settings.Urls.Length > 1) { throw Misuse(ContinuationMisuse.SeveralUrls, text); }
        if (settings is { Compressed: true } or { Range: not null } or { Head: true } or { Data.Length: > 0, Get: false } or { Form.Length: > 0 }
            || settings.Method is not (null or "GET"))
        {
            throw Misuse(ContinuationMisuse.OtherWish, text);
        }
        if (settings.Output is not { } file) { return isOwn ? throw Misuse(ContinuationMisuse.NoFile, text) : settings with { ResumeAt = at }; }
        var part = io.FindPart(file);
        if (!isOwn && at != (part?.Length ?? 0)) { throw Misuse(ContinuationMisuse.OtherLength, text, part?.Length ?? 0); }
        return part is { Length: > 0 } ? settings with { Part = part, ResumeAt = part.Length } : settings;

        UsageException Misuse(ContinuationMisuse misuse, string typed, long? length = null) => new(io.Language.Usage.NoContinuation(misuse, typed, length));
    }
}
