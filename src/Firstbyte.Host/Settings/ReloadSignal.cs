namespace Firstbyte.Host.Settings;

/// <summary>Somebody wants the files to be read again (SIGHUP).</summary>
internal sealed class ReloadSignal : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<Action> _readers = [];

    /// <summary>Has something read again whenever it is wanted.</summary>
    public void Add(Action read)
    {
        lock (_gate) { _readers.Add(read); }
    }

    /// <summary>Reads everything again; false when there is nothing to read.</summary>
    public bool Raise()
    {
        lock (_gate)
        {
            foreach (var read in _readers) { read(); }
            return _readers.Count > 0;
        }
    }

    /// <summary>Nothing is read any more.</summary>
    public void Dispose()
    {
        lock (_gate) { _readers.Clear(); }
    }
}
