namespace Firstbyte.Transfers;

/// <summary>Several sources, one behind the other, as one content.</summary>
/// <param name="parts">The sources.</param>
/// <param name="type">The media type of the whole; null where nobody says it.</param>
public class JoinedBody(IReadOnlyList<IBodySource> parts, string? type = null) : IBodySource
{
    /// <summary>Of several, the one that can be had only once is what matters.</summary>
    public virtual BodyOrigin Origin => Once?.Origin ?? (parts is [var only] ? only.Origin : new BodyOrigin(BodyKind.Bytes));

    /// <inheritdoc/>
    public string? Type => type;

    /// <summary>The sum of all lengths, where all are known.</summary>
    public long? Length
    {
        get
        {
            var sum = 0L;
            foreach (var part in parts)
            {
                if (part.Length is not { } length) { return null; }
                sum += length;
            }
            return sum;
        }
    }

    /// <inheritdoc/>
    public bool CanRewind => Once is null;

    /// <inheritdoc/>
    public bool IsSpent => parts.Any(static part => part.IsSpent);

    /// <summary>The part that can be read only once; null where there is none.</summary>
    protected IBodySource? Once => parts.FirstOrDefault(static part => !part.CanRewind);

    /// <inheritdoc/>
    public IBodyReader Open() => new Reader(parts);

    /// <summary>Reads one part after the other, and opens each when its turn comes: of a thousand files one is open.</summary>
    private sealed class Reader(IReadOnlyList<IBodySource> parts) : IBodyReader
    {
        private IBodyReader? _current;
        private int _next;

        public bool HasGrown { get; private set; }

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            var filled = 0;
            while (filled < destination.Length)
            {
                if (_current is null)
                {
                    // Short parts go together, so that what stands between two is no send of its own; what may have to wait is not waited for meanwhile.
                    if (_next == parts.Count || (filled > 0 && parts[_next].Length is null)) { break; }
                    _current = parts[_next++].Open();
                }
                var count = await _current.ReadAsync(destination[filled..], cancellationToken);
                if (count == 0) { Close(); }
                // Nor does what has come wait for more of the same.
                else
                {
                    filled += count;
                    if (parts[_next - 1].Length is null) { break; }
                }
            }
            return filled;
        }

        public void Close()
        {
            if (_current is null) { return; }
            HasGrown |= _current.HasGrown;
            _current.Close();
            _current = null;
        }
    }
}
