namespace Firstbyte.Http.Caching;

/// <summary>Where responses are kept. It knows no rule but its own limits: what may be kept and what may be used <see cref="ResponseCache"/> says.</summary>
public interface IResponseStore
{
    /// <summary>What is kept of a target URI, of all variants.</summary>
    IReadOnlyList<CachedResponse> Find(string uri);

    /// <summary>Keeps a response, in the place of the one that it replaces.</summary>
    /// <exception cref="IOException">It cannot be kept; what was kept before it is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be kept; what was kept before it is gone.</exception>
    void Keep(CachedResponse response);

    /// <summary>Forgets a response.</summary>
    void Forget(CachedResponse response);
}

/// <summary>Keeps responses in memory, within a budget; what was not asked for the longest goes first.</summary>
public sealed class MemoryResponseStore : IResponseStore
{
    /// <summary>The budget where nobody names another: 64 MB.</summary>
    public const long DefaultBudget = 64 * 1024 * 1024;

    /// <summary>Variants of one URI; more are requests that are never alike.</summary>
    public const int MaximumVariants = 16;

    private readonly long _budget;
    private readonly LinkedList<CachedResponse> _byUse = new();
    private readonly Dictionary<string, List<LinkedListNode<CachedResponse>>> _byUri = new(StringComparer.Ordinal);

    /// <param name="budget">How many bytes all of it may take.</param>
    public MemoryResponseStore(long budget = DefaultBudget) => _budget = budget;

    /// <summary>Bytes that it takes, about.</summary>
    public long Size { get; private set; }

    /// <summary>Responses in it.</summary>
    public int Count => _byUse.Count;

    /// <inheritdoc/>
    public IReadOnlyList<CachedResponse> Find(string uri)
    {
        if (!_byUri.TryGetValue(uri, out var found)) { return []; }
        foreach (var node in found)
        {
            _byUse.Remove(node);
            _byUse.AddLast(node);
        }
        return [.. found.Select(static node => node.Value)];
    }

    /// <inheritdoc/>
    public void Keep(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var variants = _byUri.GetValueOrDefault(response.Uri) ?? [];
        foreach (var old in variants.Where(node => response.Replaces(node.Value)).ToArray()) { Remove(old); }
        if (response.Size > _budget) { return; }
        while (_byUri.GetValueOrDefault(response.Uri) is { Count: >= MaximumVariants } many) { Remove(many[0]); }
        while (Size + response.Size > _budget && _byUse.First is { } oldest) { Remove(oldest); }
        if (!_byUri.TryGetValue(response.Uri, out var list)) { _byUri[response.Uri] = list = []; }
        list.Add(_byUse.AddLast(response));
        Size += response.Size;
    }

    /// <inheritdoc/>
    public void Forget(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        foreach (var node in (_byUri.GetValueOrDefault(response.Uri) ?? []).Where(node => response.Replaces(node.Value)).ToArray()) { Remove(node); }
    }

    private void Remove(LinkedListNode<CachedResponse> node)
    {
        var list = _byUri[node.Value.Uri];
        list.Remove(node);
        if (list.Count == 0) { _byUri.Remove(node.Value.Uri); }
        _byUse.Remove(node);
        Size -= node.Value.Size;
    }
}
