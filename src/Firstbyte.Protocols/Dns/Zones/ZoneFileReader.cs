using System.Buffers.Binary;
using System.Text;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>Reads a zone file (RFC 1035 section 5; $TTL of RFC 2308 section 4; generic types of RFC 3597 section 5; TTL units as BIND reads them).</summary>
/// <remarks>
/// Theory of operation. A tokenizer cuts the text into entries; each entry is read by itself, so that one wrong entry does not hide the next: its
/// problem is reported and reading goes on. What entries hand on to the next ones (origin, owner, TTLs) is kept here. Files to include are asked of the caller:
/// nothing here opens one.
/// <code>
///   entry = [owner] [TTL] [class] type data | [owner] [class] [TTL] type data
///         | $ORIGIN name | $TTL time | $INCLUDE file [origin] | $GENERATE range owner [TTL] [class] type data
/// </code>
/// </remarks>
public sealed class ZoneFileReader
{
    /// <summary>PowerDNS reads so deep (its setting max-include-depth).</summary>
    public const int MaxIncludeDepth = 20;

    /// <summary>As many as a person will read: errors before reading stops, warnings that are kept.</summary>
    public const int MaxProblems = 100;

    /// <summary>
    /// Records that all $GENERATE of a file and its included ones make: the addresses of a /14. PowerDNS limits the steps as well
    /// (max-generate-steps).
    /// </summary>
    public const int MaxGenerated = 1 << 18;

    private readonly Func<string, string?> _readFile;
    private readonly IRecordSink _records;
    private readonly byte[] _owner = new byte[WireName.MaxLength];
    private readonly byte[] _name = new byte[WireName.MaxLength];
    private readonly List<ZoneProblem> _problems = [];
    private readonly Stack<string> _open = new();
    private readonly RecordTextReader _data = new();
    private RecordClass _class;
    private uint? _defaultTtl;
    private uint? _lastTtl;
    private int _ownerLength;
    private bool _isOwnerUnreadable;
    private int _errorCount;
    private int _generated;

    private ZoneFileReader(Func<string, string?> readFile, RecordClass recordClass, IRecordSink records) =>
        (_readFile, _class, _records) = (readFile, recordClass, records);

    private bool IsFull => _errorCount >= MaxProblems;

    /// <summary>Reads the text of a zone file.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="file">Its name, for places and circles.</param>
    /// <param name="origin">The zone's name, with which relative names are completed.</param>
    /// <param name="readFile">Gives the text of a file to include, or null when there is none.</param>
    public static ZoneFile Read(string text, string file, DnsName origin, Func<string, string?>? readFile = null)
    {
        var lines = new Lines();
        var problems = Read(text, file, origin, lines, readFile);
        return new ZoneFile(origin, lines, problems);
    }

    /// <summary>The same with the records handed over as they are read; returns the problems.</summary>
    internal static List<ZoneProblem> Read(string text, string file, DnsName origin, IRecordSink records, Func<string, string?>? readFile)
    {
        ArgumentNullException.ThrowIfNull(text);
        var reader = new ZoneFileReader(readFile ?? (_ => null), RecordClass.IN, records);
        reader.ReadFile(text, file, origin);
        return reader._problems;
    }

    /// <summary>Reads a name that may be "@" or relative; reports and returns null when it is none.</summary>
    private DnsName? ReadName(ZoneToken token, DnsName origin, ZoneTerm expected) =>
        TryReadName(token, origin, expected, out var length) ? DnsName.FromValidWire(_name.AsSpan(0, length)) : null;

    /// <summary>The same into the buffer for names.</summary>
    private bool TryReadName(ZoneToken token, DnsName origin, ZoneTerm expected, out int length)
    {
        if (token is { Span: "@", IsQuoted: false })
        {
            origin.Wire.CopyTo(_name);
            length = origin.Length;
            return true;
        }
        if (DnsName.TryParse(token.Span, origin.Wire, _name, out length, out var flaw, out var position)) { return true; }
        var place = token.Place with { Column = token.Place.Column + position + (token.IsQuoted ? 1 : 0) };
        Report(new ZoneProblem(place, ZoneFlaw.BadName, new ZoneExpectation(expected, Name: flaw), token.Text));
        return false;
    }

    private void Report(ZoneProblem problem)
    {
        if (IsFull) { return; }
        if (!problem.IsError)
        {
            if (_problems.Count - _errorCount < MaxProblems) { _problems.Add(problem); }
            return;
        }
        _errorCount++;
        _problems.Add(problem);
        if (IsFull) { _problems.Add(new ZoneProblem(problem.Place, ZoneFlaw.TooMany, new ZoneExpectation(ZoneTerm.MostProblems, $"{MaxProblems}"), "more")); }
    }

    private void Report(ZoneEntry entry, RecordTextFault fault)
    {
        var token = fault.Word < entry.Tokens.Count ? entry.Tokens[fault.Word] : default(ZoneToken?);
        var place = token is { } found
            ? found.Place with { Column = found.Place.Column + fault.Position + (fault.Name != NameFlaw.None && found.IsQuoted ? 1 : 0) }
            : entry.End;
        Report(new ZoneProblem(place, fault.Name == NameFlaw.None ? ZoneFlaw.DataShape : ZoneFlaw.BadName,
            new ZoneExpectation(fault.Term, fault.Detail, fault.Name, fault.Field), token?.Text ?? ""));
    }

    /// <summary>Takes a TTL: one that is too long counts as 0 (RFC 2181 section 8).</summary>
    private uint TakeTtl(uint seconds, ZoneToken token)
    {
        if (seconds <= Ttl.MaxSeconds) { return seconds; }
        Report(new ZoneProblem(token.Place, ZoneFlaw.TtlTooLong, new ZoneExpectation(ZoneTerm.TtlLimit), token.Text));
        return 0;
    }

    /// <summary>Reads an owner; characters beyond ASCII are taken as their UTF-8 bytes, as NSD and BIND take them.</summary>
    private bool TryReadOwner(ZoneToken token, DnsName origin)
    {
        if (!Ascii.IsValid(token.Span))
        {
            Report(new ZoneProblem(token.Place, ZoneFlaw.OwnerNotAscii, new ZoneExpectation(ZoneTerm.AsciiName), token.Text));
            token = token.With(ZoneTemplate.EscapeBeyondAscii(token.Text));
        }
        var isRead = TryReadName(token, origin, ZoneTerm.OwnerName, out var length);
        // Entries that repeat an unreadable owner would only repeat its error.
        (_ownerLength, _isOwnerUnreadable) = (isRead ? length : 0, !isRead);
        _name.AsSpan(0, _ownerLength).CopyTo(_owner);
        return isRead;
    }

    private void ReadFile(string text, string file, DnsName origin)
    {
        _open.Push(file);
        var tokenizer = new ZoneFileTokenizer(text, file, Report);
        while (!IsFull && tokenizer.ReadEntry() is { } entry)
        {
            if (entry.Tokens[0] is { IsQuoted: false } first && first.Span[0] == '$') { ReadDirective(entry, ref origin); }
            else { ReadRecord(entry, origin); }
        }
        _open.Pop();
    }

    private void ReadDirective(ZoneEntry entry, ref DnsName origin)
    {
        var directive = entry.Tokens[0].Text.ToUpperInvariant();
        var (least, most) = directive switch { "$ORIGIN" or "$TTL" => (2, 2), "$INCLUDE" => (2, 3), "$GENERATE" => (5, int.MaxValue), _ => (0, 0) };
        if (most == 0)
        {
            Report(new ZoneProblem(entry.Tokens[0].Place, ZoneFlaw.UnknownDirective, new ZoneExpectation(ZoneTerm.Directive), entry.Tokens[0].Text));
            return;
        }
        if (entry.Tokens.Count < least || entry.Tokens.Count > most)
        {
            var surplus = entry.Tokens.Count > most;
            Report(new ZoneProblem(
                surplus ? entry.Tokens[most].Place : entry.End, ZoneFlaw.Syntax,
                surplus ? new ZoneExpectation(ZoneTerm.EndOfLine) : new ZoneExpectation(ZoneTerm.DirectiveArgument, directive),
                surplus ? entry.Tokens[most].Text : ""));
            return;
        }
        var argument = entry.Tokens[1];
        switch (directive)
        {
            case "$ORIGIN":
                origin = ReadName(argument, origin, ZoneTerm.DomainName) ?? origin;
                break;
            case "$TTL":
                if (TimeText.Parse(argument.Text) is { } time) { _defaultTtl = TakeTtl(time, argument); }
                else { Report(new ZoneProblem(argument.Place, ZoneFlaw.Syntax, new ZoneExpectation(ZoneTerm.Time), argument.Text)); }
                break;
            case "$GENERATE":
                Generate(entry, origin);
                break;
            default:
                var inner = entry.Tokens.Count == 3 ? ReadName(entry.Tokens[2], origin, ZoneTerm.IncludeOrigin) : origin;
                if (inner is { } innerOrigin) { Include(argument, innerOrigin); }
                break;
        }
    }

    /// <summary>RFC 1035 section 5.1: the including file's origin (and, as BIND does, its owner) stay as they were.</summary>
    private void Include(ZoneToken argument, DnsName origin)
    {
        if (_open.Count > MaxIncludeDepth || _open.Contains(argument.Text))
        {
            Report(new ZoneProblem(argument.Place, ZoneFlaw.IncludeTooDeep, new ZoneExpectation(ZoneTerm.IncludeDepth, $"{MaxIncludeDepth}"), argument.Text));
            return;
        }
        if (_readFile(argument.Text) is not { } text)
        {
            Report(new ZoneProblem(argument.Place, ZoneFlaw.IncludeMissing, new ZoneExpectation(ZoneTerm.IncludedFile), argument.Text));
            return;
        }
        var owner = _owner.AsSpan(0, _ownerLength).ToArray();
        ReadFile(text, argument.Text, origin);
        owner.CopyTo(_owner, 0);
        _ownerLength = owner.Length;
    }

    /// <summary>BIND's "$GENERATE start-stop[/step] owner … data": one record for each number, put in for every "$".</summary>
    private void Generate(ZoneEntry entry, DnsName origin)
    {
        var range = entry.Tokens[1];
        if (!ZoneTemplate.TryParseRange(range.Text, out var start, out var stop, out var step))
        {
            Report(new ZoneProblem(range.Place, ZoneFlaw.Syntax, new ZoneExpectation(ZoneTerm.GenerateRange), range.Text));
            return;
        }
        var errors = _errorCount;
        for (long number = start; number <= stop && _errorCount == errors; number += step)
        {
            if (++_generated > MaxGenerated)
            {
                Report(new ZoneProblem(range.Place, ZoneFlaw.TooManyGenerated, new ZoneExpectation(ZoneTerm.MostGenerated, $"{MaxGenerated}"), range.Text));
                return;
            }
            var made = new ZoneEntry { End = entry.End };
            foreach (var token in entry.Tokens.Skip(2))
            {
                if (ZoneTemplate.Fill(token.Text, number) is not { } text)
                {
                    Report(new ZoneProblem(token.Place, ZoneFlaw.Syntax, new ZoneExpectation(ZoneTerm.GenerateModifier), token.Text));
                    return;
                }
                made.Tokens.Add(token.With(text));
            }
            ReadRecord(made, origin);
        }
    }

    private void ReadRecord(ZoneEntry entry, DnsName origin)
    {
        var next = 0;
        if (!entry.BeginsBlank)
        {
            if (!TryReadOwner(entry.Tokens[next++], origin)) { return; }
        }
        else if (_ownerLength == 0)
        {
            if (!_isOwnerUnreadable)
            {
                Report(new ZoneProblem(
                    entry.Tokens[0].Place, ZoneFlaw.NoOwner, new ZoneExpectation(ZoneTerm.OwnerFirst), entry.Tokens[0].Text));
            }
            return;
        }

        uint? ttl = null;
        RecordClass? recordClass = null;
        RecordType type;
        while (true)
        {
            if (next >= entry.Tokens.Count)
            {
                Report(new ZoneProblem(entry.End, ZoneFlaw.Syntax, new ZoneExpectation(ZoneTerm.RecordType), ""));
                return;
            }
            var token = entry.Tokens[next];
            if (!token.IsQuoted && RecordType.TryParse(token.Span, out type) && type != RecordType.Any) { break; }
            if (!token.IsQuoted && ttl is null && TimeText.Parse(token.Span) is { } time) { ttl = TakeTtl(time, token); }
            else if (!token.IsQuoted && recordClass is null && RecordClass.TryParse(token.Span, out var parsed)) { recordClass = parsed; }
            else
            {
                Report(new ZoneProblem(
                    token.Place, ZoneFlaw.Syntax, new ZoneExpectation(ttl is null ? ZoneTerm.TtlClassOrType : ZoneTerm.ClassOrType),
                    token.Text));
                return;
            }
            next++;
        }
        var typePlace = entry.Tokens[next].Place;
        if (!_data.TryRead(type, entry, next + 1, origin.Wire, out var fault))
        {
            Report(entry, fault);
            return;
        }
        _lastTtl = ttl ?? _lastTtl;
        if (type == RecordType.SOA && ttl is null && _defaultTtl is null) { _lastTtl ??= BinaryPrimitives.ReadUInt32BigEndian(_data.Bytes[^4..]); }
        _class = recordClass ?? _class;
        if ((ttl ?? _defaultTtl ?? _lastTtl) is not { } seconds)
        {
            Report(new ZoneProblem(typePlace, ZoneFlaw.NoTtl, new ZoneExpectation(ZoneTerm.Ttl), entry.Tokens[next].Text));
            return;
        }
        _records.Add(_owner.AsSpan(0, _ownerLength), _class, Ttl.FromWire(seconds), type, _data.Bytes, entry.Tokens[0].Place);
    }

    /// <summary>Records as values, for those who want to look at them.</summary>
    private sealed class Lines : List<ZoneLine>, IRecordSink
    {
        public void Add(ReadOnlySpan<byte> owner, RecordClass recordClass, Ttl ttl, RecordType type, ReadOnlySpan<byte> data, ZonePlace place)
        {
            if (!RecordData.TryRead(type, data, out var read)) { throw new ArgumentException($"the data does not have the shape of {type}", nameof(data)); }
            Add(new ZoneLine(new DnsRecord(DnsName.FromValidWire(owner), recordClass, ttl, read), place));
        }
    }
}

/// <summary>A record and the line it came from.</summary>
public sealed record ZoneLine(DnsRecord Record, ZonePlace Place);

/// <summary>What was read from a zone file: records in the order of the file, and problems.</summary>
public sealed record ZoneFile(DnsName Origin, IReadOnlyList<ZoneLine> Lines, IReadOnlyList<ZoneProblem> Problems)
{
    /// <summary>The records.</summary>
    public IEnumerable<DnsRecord> Records => Lines.Select(line => line.Record);
}
