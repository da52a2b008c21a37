using System.Buffers.Text;
using Firstbyte.Exports;
using Firstbyte.Host.Settings;
using Firstbyte.Journeys;

namespace Firstbyte.Host.Live;

/// <summary>What a journey has left: the beginning of its content, and its exchanges for an archive.</summary>
internal sealed class LiveJourney(string id)
{
    private readonly Lock _gate = new();
    private readonly List<RecordedExchange> _exchanges = [];
    private long _bytes;

    /// <summary>The name by which the page asks for it; nobody guesses it.</summary>
    public string Id { get; } = id;

    /// <summary>The content.</summary>
    public KeptBody Body { get; } = new();

    /// <summary>Ends the journey; what happens on the way out of it is still told.</summary>
    public CancellationTokenSource Stop { get; } = new();

    /// <summary>Bytes of content that are held.</summary>
    public long Bytes
    {
        get { lock (_gate) { return _bytes; } }
    }

    /// <summary>Takes an exchange that is over.</summary>
    public void Record(RecordedExchange exchange)
    {
        lock (_gate)
        {
            _exchanges.Add(exchange);
            _bytes += exchange.Content?.Length ?? 0;
        }
    }

    /// <summary>The archive (HAR 1.2), with the secrets of its requests covered.</summary>
    public byte[] Archive()
    {
        using var output = new MemoryStream();
        lock (_gate)
        {
            using var writer = new HarWriter(output, "firstbyte", HostArguments.Version);
            foreach (var exchange in _exchanges) { writer.Write(exchange); }
        }
        return output.ToArray();
    }
}

/// <summary>The last journeys, until others take their place.</summary>
internal sealed class JourneyShelf(Sockets.IRandomSource random)
{
    private const int IdBytes = 16;

    private readonly Lock _gate = new();
    private readonly List<LiveJourney> _kept = [];

    /// <summary>A new one.</summary>
    public LiveJourney Add()
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        random.Fill(bytes);
        var journey = new LiveJourney(Base64Url.EncodeToString(bytes));
        lock (_gate)
        {
            // The oldest go first; the newest stays however long it is, as its limit is its own.
            while (_kept.Count >= LiveLimits.MaxKept || (_kept.Count > 0 && _kept.Sum(static one =>
                one.Bytes) > LiveLimits.MaxKeptBytes)) { _kept.RemoveAt(0); }
            _kept.Add(journey);
        }
        return journey;
    }

    /// <summary>The one of that name; null when it is not kept.</summary>
    public LiveJourney? Find(string id)
    {
        lock (_gate) { return _kept.Find(one => one.Id == id); }
    }
}
