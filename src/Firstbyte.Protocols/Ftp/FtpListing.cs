using System.Buffers;
using System.Globalization;

namespace Firstbyte.Ftp;

/// <summary>What an entry of a directory is.</summary>
public enum FtpEntryKind : byte
{
    /// <summary>A file, or something that is not said.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,
}

/// <summary>One entry of a directory.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">Its name: one part of a path, never "." or "..", without '/', '\' and control characters.</param>
/// <param name="Size">Its size; null where it is not said.</param>
/// <param name="Modified">When it was changed, UTC; null where it is not said, or said without a year.</param>
public sealed record FtpEntry(FtpEntryKind Kind, string Name, long? Size, DateTime? Modified);

/// <summary>What a line of a listing is.</summary>
public enum FtpListingLine : byte
{
    /// <summary>An entry.</summary>
    Entry,

    /// <summary>Nothing that counts: an empty line, "total 12", the directory itself and the one above.</summary>
    Nothing,

    /// <summary>In no form that is known.</summary>
    Unknown,

    /// <summary>A name that leads elsewhere, or holds control characters: not to be used for anything.</summary>
    Hostile,
}

/// <summary>Reads lines of directory listings: MLSD (RFC 3659 7), Unix' ls -l and MS-DOS' dir, which RFC 959 leaves to each server.</summary>
/// <remarks>
/// Each line is read on its own and by its own form; nothing throws. A name is data of a stranger: one that is no single part of a path (with '/' or '\', "..",
/// control characters) is not an entry, whatever the rest of its line says, so that nobody who makes files of names is led out of his directory.
/// </remarks>
public static class FtpListing
{
    private static readonly SearchValues<char> s_permissions = SearchValues.Create("rwxsStTl-");

    /// <summary>Reads a line without its end.</summary>
    /// <param name="line">The bytes.</param>
    /// <param name="entry">The entry, where it is one.</param>
    public static FtpListingLine Read(ReadOnlySpan<byte> line, out FtpEntry? entry)
    {
        entry = null;
        if (line.Length > FtpLimits.ListingLine) { return FtpListingLine.Unknown; }
        var text = FtpText.Decode(line);
        if (text.Length == 0 || IsTotal(text)) { return FtpListingLine.Nothing; }
        var found = text.Contains('=', StringComparison.Ordinal) && ReadFacts(text, ref entry) is { } facts ? facts
            : ReadUnix(text, ref entry) ?? ReadDos(text, ref entry) ?? FtpListingLine.Unknown;
        if (found != FtpListingLine.Entry) { return found; }
        if (entry!.Name is "." or "..")
        {
            // ls -a and MLSD's cdir and pdir: honest, and of no use.
            var isHonest = entry.Kind == FtpEntryKind.Directory;
            entry = null;
            return isHonest ? FtpListingLine.Nothing : FtpListingLine.Hostile;
        }
        if (IsPart(entry.Name)) { return FtpListingLine.Entry; }
        entry = null;
        return FtpListingLine.Hostile;
    }

    /// <summary>Whether a name is one part of a path and nothing else.</summary>
    public static bool IsPart(string name) =>
        name is { Length: > 0 } and not "." and not ".." && name.AsSpan().IndexOfAny('/', '\\') < 0
            && !name.Any(
                static character =>
                    char.IsControl(character)
                    || char.GetUnicodeCategory(
                        character) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    private static bool IsTotal(string text) =>
        text.StartsWith("total ", StringComparison.Ordinal)
        && long.TryParse(text.AsSpan(6), NumberStyles.None, CultureInfo.InvariantCulture, out _);

    // 1*( fact "=" value ";" ) SP pathname; facts in any case.
    private static FtpListingLine? ReadFacts(string text, ref FtpEntry? entry)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        if (space <= 0 || text[space - 1] != ';' || space + 1 == text.Length) { return null; }
        var (kind, size, modified) = (FtpEntryKind.File, (long?)null, (DateTime?)null);
        foreach (var range in text.AsSpan(0, space - 1).Split(';'))
        {
            var fact = text.AsSpan(range);
            var equals = fact.IndexOf('=');
            if (equals <= 0) { return null; }
            var value = fact[(equals + 1)..];
            if (fact[..equals].Equals("size", StringComparison.OrdinalIgnoreCase)) { size = Number(value); }
            else if (fact[..equals].Equals("modify", StringComparison.OrdinalIgnoreCase)) { modified = FtpTimes.TryParse(value, out var time) ? time : null; }
            else if (fact[..equals].Equals("type", StringComparison.OrdinalIgnoreCase))
            {
                if (value.Equals("cdir", StringComparison.OrdinalIgnoreCase) || value.Equals("pdir", StringComparison.OrdinalIgnoreCase))
                {
                    return FtpListingLine.Nothing;
                }
                kind = value.Equals("dir", StringComparison.OrdinalIgnoreCase) ? FtpEntryKind.Directory
                    : value.StartsWith("OS.unix=s", StringComparison.OrdinalIgnoreCase) ? FtpEntryKind.Link
                    : FtpEntryKind.File;
            }
        }
        entry = new FtpEntry(kind, text[(space + 1)..], size, modified);
        return FtpListingLine.Entry;
    }

    // -rw-r--r--   1 user group   1234 Jan  2  2025 name      the group may be missing
    private static FtpListingLine? ReadUnix(string text, ref FtpEntry? entry)
    {
        if (text.Length < 10 || text[0] is not ('-' or 'd' or 'l' or 'b' or 'c' or 'p' or 's')
            || text.AsSpan(1, 9).IndexOfAnyExcept(s_permissions) >= 0)
        {
            return null;
        }
        var at = 0;
        var fields = new List<(int Start, int End)>();
        while (fields.Count < 9 && NextField(text, ref at) is { } field)
        {
            fields.Add(field);
            // The month is what stands out: before it the size, behind it day and year or time, then the name.
            if (fields.Count < 5 || !IsMonth(text.AsSpan(field.Start, field.End - field.Start))) { continue; }
            if (NextField(text, ref at) is not { } day || NextField(text, ref at) is not { } year || at >= text.Length) { return null; }
            var sizeField = fields[^2];
            var name = text[(at + 1)..];
            var kind = text[0] switch { 'd' => FtpEntryKind.Directory, 'l' => FtpEntryKind.Link, _ => FtpEntryKind.File };
            var arrow = kind == FtpEntryKind.Link ? name.IndexOf(" -> ", StringComparison.Ordinal) : -1;
            if (arrow > 0) { name = name[..arrow]; }
            entry = new FtpEntry(kind, name, kind == FtpEntryKind.File ? Number(text.AsSpan(sizeField.Start, sizeField.End - sizeField.Start)) : null,
                Date(text.AsSpan(field.Start, field.End - field.Start), text.AsSpan(day.Start, day.End - day.Start),
                    text.AsSpan(year.Start, year.End - year.Start)));
            return FtpListingLine.Entry;
        }
        return null;
    }

    // 01-31-25  03:04PM       <DIR>          name
    private static FtpListingLine? ReadDos(string text, ref FtpEntry? entry)
    {
        var at = 0;
        if (NextField(text, ref at) is not { } date || NextField(text, ref at) is not { } time || NextField(text, ref at) is not { } size) { return null; }
        string[] formats = ["MM-dd-yy hh:mmtt", "MM-dd-yyyy hh:mmtt", "MM-dd-yy HH:mm", "MM-dd-yyyy HH:mm"];
        if (!DateTime.TryParseExact(
            $"{text[date.Start..date.End]} {text[time.Start..time.End]}", formats, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var modified))
        {
            return null;
        }
        var isDirectory = text.AsSpan(size.Start, size.End - size.Start).SequenceEqual("<DIR>");
        var bytes = Number(text.AsSpan(size.Start, size.End - size.Start));
        if (!isDirectory && bytes is null) { return null; }
        while (at < text.Length && text[at] == ' ') { at++; }
        if (at == text.Length) { return null; }
        entry = new FtpEntry(isDirectory ? FtpEntryKind.Directory : FtpEntryKind.File, text[at..], bytes, modified);
        return FtpListingLine.Entry;
    }

    private static (int Start, int End)? NextField(string text, ref int at)
    {
        while (at < text.Length && text[at] == ' ') { at++; }
        var start = at;
        while (at < text.Length && text[at] != ' ') { at++; }
        return at > start ? (start, at) : null;
    }

    private static bool IsMonth(ReadOnlySpan<char> text) => MonthOf(text) > 0;

    private static int MonthOf(ReadOnlySpan<char> text)
    {
        const string Months = "JanFebMarAprMayJunJulAugSepOctNovDec";
        if (text.Length != 3) { return 0; }
        for (var month = 0; month < 12; month++)
        {
            if (Months.AsSpan(month * 3, 3).Equals(text, StringComparison.OrdinalIgnoreCase)) { return month + 1; }
        }
        return 0;
    }

    // "Jan 2 15:04" has no year: the year before or this one, which a machine without a clock cannot say.
    private static DateTime? Date(ReadOnlySpan<char> month, ReadOnlySpan<char> day, ReadOnlySpan<char> year) =>
        int.TryParse(day, NumberStyles.None, CultureInfo.InvariantCulture, out var d) && d is >= 1 and <= 31
            && int.TryParse(year, NumberStyles.None, CultureInfo.InvariantCulture, out var y) && y is >= 1970 and <= 9999
                && d <= DateTime.DaysInMonth(y, MonthOf(month))
            ? new DateTime(y, MonthOf(month), d, 0, 0, 0, DateTimeKind.Utc)
            : null;

    private static long? Number(ReadOnlySpan<char> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
