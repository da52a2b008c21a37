using Firstbyte.Http;

namespace Firstbyte.Journeys;

/// <summary>The messages of an exchange, which another journey may fill again when nobody looks at them any more.</summary>
internal sealed class ExchangeRoom
{
    private PreparedRequest? _prepared;

    /// <summary>What came of the exchange.</summary>
    public HttpExchangeResult Result { get; } = new();

    /// <summary>A request, checked and written.</summary>
    public PreparedRequest Prepare(HttpRequest request)
    {
        Result.Clear();
        Result.Head.Clear();
        if (_prepared is null) { return _prepared = new PreparedRequest(request); }
        _prepared.Prepare(request);
        return _prepared;
    }
}
