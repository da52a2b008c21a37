using System.Globalization;
using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Validating;

/// <summary>What is wrong with a file of a zone's keys.</summary>
public enum AnchorFileFlaw
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>A record cannot be read.</summary>
    BadRecord,

    /// <summary>A record is neither DNSKEY nor DS.</summary>
    OtherType,

    /// <summary>A record is of another zone than the one before it: a file has the keys of one.</summary>
    OtherZone,

    /// <summary>A key's state is none, or it has none where others have one.</summary>
    BadState,

    /// <summary>A time is none.</summary>
    BadTime,

    /// <summary>More keys than are ever held.</summary>
    TooMany,

    /// <summary>It holds no key.</summary>
    Empty,
}

/// <summary>The file in which a zone's keys are followed, in the form that Unbound's auto-trust-anchor-file has: each program reads the other's.</summary>
/// <remarks>
/// Records of a zone file, and in their comments what is known of them: <c>;;state=2 [  VALID  ] ;;count=0 ;;lastchange=1700000000</c>. Before them, in
/// comments too, when the keys were asked for. A file of plain DS and DNSKEY records is one that nobody has followed yet: they are believed.
/// </remarks>
public static class ManagedAnchorText
{
    private const string Title = "; autotrust trust anchor file";

    /// <summary>Writes the file.</summary>
    public static string Write(ManagedAnchor anchor)
    {
        ArgumentNullException.ThrowIfNull(anchor);
        var (text, times) = (new StringBuilder(), anchor.Times);
        text.Append(Title).Append('\n');
        Line($";;id: {anchor.Zone} 1");
        Line($";;last_queried: {Time(times.LastQueried)}");
        Line($";;last_success: {Time(times.LastSuccess)}");
        Line($";;next_probe_time: {Time(times.NextProbe)}");
        Line($";;query_failed: {times.Failures}");
        Line($";;query_interval: {times.QueryInterval}");
        Line($";;retry_time: {times.RetryTime}");
        foreach (var signer in anchor.Signers) { Line($"{anchor.Zone}\t0\tIN\tDS\t{signer} ;;state={(int)ManagedKeyState.Valid} [  VALID  ]"); }
        foreach (var key in anchor.Keys)
        {
            var state = $";;state={(int)key.State} [{Name(key.State)}] ;;count=0 ;;lastchange={Time(key.Since)}";
            Line($"{anchor.Zone}\t{key.TtlSeconds}\tIN\tDNSKEY\t{key.Data} ;{{id = {new ZonePublicKey(anchor.Zone, key.Data).KeyTag} (ksk)}} {state}");
        }
        return text.ToString();

        void Line(FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
    }

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="now">Seconds since 1970: since then what nobody has followed is believed.</param>
    /// <param name="flaw">What is wrong, where the result is null.</param>
    /// <param name="line">In which line; 0 for the file as a whole.</param>
    public static ManagedAnchor? Read(string text, long now, out AnchorFileFlaw flaw, out int line)
    {
        ArgumentNullException.ThrowIfNull(text);
        (flaw, line) = (AnchorFileFlaw.None, 0);
        var lines = text.Split('\n');
        var isFollowed = Array.Exists(lines, static one => one.Contains(";;state=", StringComparison.Ordinal));
        return isFollowed ? ReadFollowed(lines, out flaw, out line) : ReadPlain(text, now, out flaw, out line);
    }

    private static ManagedAnchor? ReadPlain(string text, long now, out AnchorFileFlaw flaw, out int line)
    {
        var read = ZoneFileReader.Read($"$TTL 0\n{text}", "", DnsName.Root, null);
        if (read.Problems.FirstOrDefault(static problem => problem.IsError) is { } problem)
        {
            (flaw, line) = (AnchorFileFlaw.BadRecord, Math.Max(1, problem.Place.Line - 1));
            return null;
        }
        (flaw, line) = (AnchorFileFlaw.None, 0);
        var anchors = TrustAnchors.From(read.Records).All.ToArray();
        if (anchors is [var only] && only.Keys.Length + only.Signers.Length <= ManagedAnchor.MaxKeys) { return ManagedAnchor.From(only, now); }
        flaw = anchors.Length == 0 ? AnchorFileFlaw.Empty : anchors.Length > 1 ? AnchorFileFlaw.OtherZone : AnchorFileFlaw.TooMany;
        return null;
    }

    private static ManagedAnchor? ReadFollowed(string[] lines, out AnchorFileFlaw flaw, out int line)
    {
        var (keys, signers, times) = (new List<ManagedKey>(), new List<RecordData>(), default(AnchorTimes));
        DnsName? zone = null;
        flaw = AnchorFileFlaw.None;
        for (line = 1; line <= lines.Length; line++)
        {
            var (record, comment) = Split(lines[line - 1].TrimEnd('\r'));
            if (record.Length == 0)
            {
                if (!TryReadTimes(comment, ref times)) { flaw = AnchorFileFlaw.BadTime; }
            }
            else { flaw = Take(record, comment, ref zone, keys, signers); }
            if (flaw != AnchorFileFlaw.None) { return null; }
        }
        line = 0;
        if (zone is { } name && keys.Count + signers.Count > 0) { return new ManagedAnchor(name, keys, signers, times); }
        flaw = AnchorFileFlaw.Empty;
        return null;
    }

    private static AnchorFileFlaw Take(string text, string comment, ref DnsName? zone, List<ManagedKey> keys, List<RecordData> signers)
    {
        var read = ZoneFileReader.Read($"$TTL 0\n{text}\n", "", DnsName.Root, null);
        if (read.Problems.Any(static problem => problem.IsError) || read.Records.ToArray() is not [var record]) { return AnchorFileFlaw.BadRecord; }
        if (record.Type != RecordType.DNSKEY && record.Type != RecordType.DS) { return AnchorFileFlaw.OtherType; }
        if (zone is { } known && known != record.Owner) { return AnchorFileFlaw.OtherZone; }
        zone = record.Owner;
        if (Field(comment, ";;state=") is not { } word || !int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !Enum.IsDefined((ManagedKeyState)number)) { return AnchorFileFlaw.BadState; }
        var state = (ManagedKeyState)number;
        if (record.Type == RecordType.DS)
        {
            if (state != ManagedKeyState.Valid) { return AnchorFileFlaw.BadState; }
            signers.Add(record.Data);
        }
        // One that was seen, or is no longer: nothing is known of it.
        else if (state != ManagedKeyState.Start)
        {
            if (Field(comment, ";;lastchange=") is not { } since || !TryReadTime(since, out var seconds)) { return AnchorFileFlaw.BadTime; }
            keys.Add(new ManagedKey(record.Data, state, seconds, record.Ttl.Seconds));
        }
        return keys.Count + signers.Count > ManagedAnchor.MaxKeys ? AnchorFileFlaw.TooMany : AnchorFileFlaw.None;
    }

    private static bool TryReadTimes(string comment, ref AnchorTimes times)
    {
        if (Field(comment, ";;last_queried: ") is { } queried && TryReadTime(queried, out var seconds)) { times = times with { LastQueried = seconds }; }
        else if (Field(comment, ";;last_success: ") is { } success && TryReadTime(success, out seconds)) { times = times with { LastSuccess = seconds }; }
        else if (Field(comment, ";;next_probe_time: ") is { } next && TryReadTime(next, out seconds)) { times = times with { NextProbe = seconds }; }
        else if (Field(comment, ";;query_failed: ") is { } failed && TryReadTime(failed, out seconds))
        {
            times = times with { Failures = (int)Math.Min(seconds, int.MaxValue) };
        }
        else if (Field(comment, ";;query_interval: ") is { } interval && TryReadTime(interval, out seconds)) { times = times with { QueryInterval = seconds }; }
        else if (Field(comment, ";;retry_time: ") is { } retry && TryReadTime(retry, out seconds)) { times = times with { RetryTime = seconds }; }
        else { return !s_times.Any(name => comment.StartsWith(name, StringComparison.Ordinal)); }
        return true;
    }

    private static readonly string[] s_times =
        [";;last_queried: ", ";;last_success: ", ";;next_probe_time: ", ";;query_failed: ", ";;query_interval: ", ";;retry_time: "];

    /// <summary>What stands before the first semicolon, and the rest: DNSKEY and DS records have one in the zone's name alone, behind a backslash.</summary>
    private static (string Record, string Comment) Split(string line)
    {
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] == ';') { return (line[..at].Trim(), line[at..]); }
            if (line[at] == '\\') { at++; }
        }
        return (line.Trim(), "");
    }

    private static string? Field(string comment, string name)
    {
        var at = comment.IndexOf(name, StringComparison.Ordinal);
        return at < 0 ? null : comment[(at + name.Length)..].Split(' ', ';')[0];
    }

    /// <summary>Seconds since 1970; no later than the year 9999.</summary>
    private static bool TryReadTime(string word, out long seconds) =>
        long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) && seconds <= 253_402_300_799;

    private static string Time(long seconds) =>
        $"{seconds} ;;{DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}";

    private static string Name(ManagedKeyState state) => state switch
    {
        ManagedKeyState.Start => "  START  ",
        ManagedKeyState.Pending => " ADDPEND ",
        ManagedKeyState.Valid => "  VALID  ",
        ManagedKeyState.Missing => " MISSING ",
        ManagedKeyState.Revoked => " REVOKED ",
        _ => " REMOVED ",
    };
}
