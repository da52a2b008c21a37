using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>The names that a message already holds, so that later ones can point at them (RFC 1035 section 4.1.4).</summary>
/// <remarks>
/// A tree of labels in a fixed array: every entry is a label, where it stands, and the entry of the label to its right. A name is looked up from the root
/// downwards, and the first label that is not there ends the search, because every name brings all its suffixes along.
/// </remarks>
internal ref struct NameTable
{
    /// <summary>Unbound compresses at most 120 names in a message (CVE-2024-8508): an answer's time must not grow with the square of its size.</summary>
    public const int MaxEntries = 120;

    /// <summary>A pointer has 14 bits.</summary>
    public const int MaxOffset = 0x3FFF;

    /// <summary>The parent of a top-level label.</summary>
    public const int Root = 0xFF;

    private Entries _entries;

    /// <summary>How many labels are in the table: remember it before writing, set it back when what was written is taken back.</summary>
    public int Count { get; set; }

    /// <summary>Where the label of an entry stands.</summary>
    public readonly int Offset(int entry) => _entries[entry].Offset;

    /// <summary>Finds a label below an entry; -1 when it is not there.</summary>
    public readonly int Find(scoped ReadOnlySpan<byte> message, int parent, scoped ReadOnlySpan<byte> label, bool keepsCase)
    {
        var mark = Mark(label);
        for (var i = 0; i < Count; i++)
        {
            ref readonly var entry = ref _entries[i];
            if (entry.Parent != parent || entry.Mark != mark) { continue; }
            // A label in the message starts with its length, as does the one looked for.
            if (message.Length < entry.Offset + label.Length) { continue; }
            var known = message.Slice(entry.Offset, label.Length);
            if (keepsCase ? known.SequenceEqual(label) : WireName.Equals(known, label)) { return i; }
        }
        return -1;
    }

    /// <summary>Adds a label and returns its entry; -1 when the table is full or a pointer could not reach it.</summary>
    public int Add(int parent, scoped ReadOnlySpan<byte> label, int offset)
    {
        if (Count == MaxEntries || offset > MaxOffset) { return -1; }
        _entries[Count] = new Entry { Parent = (byte)parent, Mark = Mark(label), Offset = (ushort)offset };
        return Count++;
    }

    /// <summary>A byte that differs for most different labels (given with their length byte).</summary>
    private static byte Mark(scoped ReadOnlySpan<byte> label) =>
        (byte)(WireName.Fold(label[^1]) * 31 + WireName.Fold(label[label.Length >> 1]) * 7 + label[0]);

    private struct Entry
    {
        public byte Parent;
        public byte Mark;
        public ushort Offset;
    }

    [InlineArray(MaxEntries)]
    private struct Entries
    {
        private Entry _first;
    }
}
