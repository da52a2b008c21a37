using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns;

/// <summary>A zone that was named ORIGIN=FILE, with the text of every file it was read from.</summary>
/// <remarks>How files are read and what is said of a fault is the program's: the command and the host complain each in its way.</remarks>
public sealed class NamedZoneFile
{
    /// <summary>Characters of all included files together (own choice): a zone of a million names has 50 million.</summary>
    public const int MaxIncludedLength = 1 << 28;

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly string _folder;
    private readonly Func<string, long, string?> _readIncluded;
    private long _includedLength;

    /// <summary>A zone whose file has been read.</summary>
    /// <param name="origin">The zone's name.</param>
    /// <param name="file">The file as it was named.</param>
    /// <param name="path">Where it lies: what it includes is looked for beside it.</param>
    /// <param name="text">What stands in it.</param>
    /// <param name="readIncluded">
    /// Reads what $INCLUDE asks for: a path, and how long the file may be; null where there is no regular file there, as a device never ends and a pipe may
    /// never begin, or where it is longer.
    /// </param>
    public NamedZoneFile(DnsName origin, string file, string path, string text, Func<string, long, string?> readIncluded)
    {
        (Origin, File, _folder, _readIncluded) = (origin, file, Path.GetDirectoryName(path) ?? "", readIncluded);
        _texts[file] = text;
    }

    /// <summary>The zone's name.</summary>
    public DnsName Origin { get; }

    /// <summary>The file as it was named.</summary>
    public string File { get; }

    /// <summary>Takes ORIGIN=FILE apart; false where it is something else.</summary>
    /// <param name="argument">What was typed.</param>
    /// <param name="origin">The zone's name; the root's where it is none.</param>
    /// <param name="file">The file; null where the argument has no two parts.</param>
    /// <param name="name">What stands in the name's place.</param>
    public static bool TryParse(string argument, out DnsName origin, [NotNullWhen(true)] out string? file, out string name)
    {
        ArgumentNullException.ThrowIfNull(argument);
        (origin, file, name) = (DnsName.Root, null, "");
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == argument.Length - 1) { return false; }
        name = argument[..equals];
        if (!DnsName.TryParse(name, out origin)) { return false; }
        file = argument[(equals + 1)..];
        return true;
    }

    /// <summary>Makes the zone; false when it cannot be served, or not without warnings where that is asked for.</summary>
    /// <param name="isStrict">Whether warnings count as errors.</param>
    /// <param name="zone">The zone.</param>
    /// <param name="problems">What is wrong.</param>
    /// <param name="inspection">What is looked at beside.</param>
    public bool TryLoad(bool isStrict, out Zone zone, out IReadOnlyList<ZoneProblem> problems, ZoneInspection? inspection = null) =>
        Zone.TryLoad(_texts[File], File, Origin, out zone, out problems, ReadIncluded, inspection) && !(isStrict && problems.Count > 0);

    /// <summary>A hash of all that was read, by which a file that was changed is told from one that was not. What is included is known after loading.</summary>
    public byte[] Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, text) in _texts)
        {
            hash.AppendData(MemoryMarshal.AsBytes($"{name}\n{text.Length}\n".AsSpan()));
            hash.AppendData(MemoryMarshal.AsBytes(text.AsSpan()));
        }
        return hash.GetHashAndReset();
    }

    /// <summary>The line at a place; null for a file as a whole.</summary>
    public string? Line(ZonePlace place)
    {
        if (place.Line == 0 || !_texts.TryGetValue(place.File, out var text)) { return null; }
        var start = 0;
        for (var line = 1; line < place.Line && start >= 0; line++) { start = text.IndexOf('\n', start) + 1; }
        var end = text.IndexOf('\n', start);
        return text[start..(end < 0 ? text.Length : end)].TrimEnd('\r');
    }

    private string? ReadIncluded(string name)
    {
        if (_readIncluded(Path.Combine(_folder, name), MaxIncludedLength - _includedLength) is not { } text) { return null; }
        _includedLength += text.Length;
        return _texts[name] = text;
    }
}
