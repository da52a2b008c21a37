using Firstbyte.Addressing;

namespace Firstbyte.Dns;

/// <summary>The clients that wait for an answer which has to be asked for: so many, and when there is no place left, the greediest gives one up.</summary>
/// <remarks>
/// Whoever asks for many slow names could otherwise take all places, so that nobody else is served (CVE-2024-33655). Answers that are known
/// take no place here.
/// </remarks>
internal sealed class WaitingClients(int limit)
{
    /// <summary>Unbound's wait-limit: 1,000 for a client; here for all of them together.</summary>
    public const int DefaultLimit = 1_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<IpAddress, LinkedList<Place>> _byClient = [];
    private int _count;

    /// <summary>Takes a place, at the cost of the client that has most of them where none is left: its oldest question is dropped.</summary>
    public void Enter(Place place)
    {
        Place? dropped = null;
        lock (_lock)
        {
            if (_count >= limit)
            {
                LinkedList<Place>? most = null;
                foreach (var places in _byClient.Values) { if (most is null || places.Count > most.Count) { most = places; } }
                dropped = most!.First!.Value;
                Remove(dropped);
            }
            if (!_byClient.TryGetValue(place.Client, out var own)) { _byClient.Add(place.Client, own = new LinkedList<Place>()); }
            place.Node = own.AddLast(place);
            _count++;
        }
        dropped?.Drop();
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(Place place)
    {
        lock (_lock) { Remove(place); }
        place.Ending.Dispose();
    }

    private void Remove(Place place)
    {
        if (place.Node is not { } node) { return; }
        place.Node = null;
        var places = _byClient[place.Client];
        places.Remove(node);
        if (places.Count == 0) { _byClient.Remove(place.Client); }
        _count--;
    }

    /// <summary>One question that waits.</summary>
    internal sealed class Place(IpAddress client, CancellationToken stopping)
    {
        public IpAddress Client { get; } = client;

        public CancellationTokenSource Ending { get; } = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        public LinkedListNode<Place>? Node { get; set; }

        public bool IsDropped { get; private set; }

        public void Drop()
        {
            IsDropped = true;
            Ending.Cancel();
        }
    }
}
