namespace Firstbyte.Dns;

/// <summary>Lets responses take turns at one socket: whoever finds nobody sending sends for all.</summary>
internal sealed class ResponseQueue(Func<ServedQuery, ValueTask> sendAsync)
{
    private readonly Lock _lock = new();
    private readonly Queue<ServedQuery> _queue = new();
    private bool _isSending;

    /// <summary>
    /// Sends the response, or leaves it to the one who is sending. Done when the caller has nothing left to do; <paramref name="served"/>
    /// belongs to the queue from now on.
    /// </summary>
    public async ValueTask SendAsync(ServedQuery served)
    {
        lock (_lock)
        {
            if (_isSending)
            {
                _queue.Enqueue(served);
                return;
            }
            _isSending = true;
        }
        while (true)
        {
            await sendAsync(served);
            lock (_lock)
            {
                if (!_queue.TryDequeue(out var next))
                {
                    _isSending = false;
                    return;
                }
                served = next;
            }
        }
    }
}
