namespace Firstbyte.Cli.Commands;

/// <summary>SIGHUP asks a server to read its files again: one reading after the other, and none before the server has read them for the first time.</summary>
internal sealed class ReloadRequests
{
    private readonly Lock _reloading = new();
    private Action? _reload;
    private bool _isWanted;

    /// <summary>Reads everything again, or later when it is too early.</summary>
    /// <returns>True: the signal is handled either way.</returns>
    public bool Ask()
    {
        lock (_reloading)
        {
            if (_reload is { } reload) { reload(); }
            else { _isWanted = true; }
            return true;
        }
    }

    /// <summary>From now on requests are followed.</summary>
    /// <param name="reload">Reads everything again, and tells who started the server.</param>
    /// <param name="late">Reads everything again: for a request that came too early, while the server is still starting.</param>
    public void Begin(Action reload, Action late)
    {
        lock (_reloading)
        {
            _reload = reload;
            if (_isWanted) { late(); }
        }
    }
}
