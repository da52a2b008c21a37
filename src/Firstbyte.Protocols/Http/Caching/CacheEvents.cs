using Firstbyte.Tracing;

namespace Firstbyte.Http.Caching;

/// <summary>How a cache came to answer a request.</summary>
public enum CacheAnswer : byte
{
    /// <summary>What is kept is fresh.</summary>
    Fresh,

    /// <summary>What is kept is stale, and the user takes it.</summary>
    Stale,

    /// <summary>The server says that what is kept is still so (304).</summary>
    Validated,

    /// <summary>What is kept is stale, and stands in for a server that cannot answer.</summary>
    InsteadOfError,

    /// <summary>Nothing that is kept answers it, and the user wants nobody to be asked (504).</summary>
    Nothing,
}

/// <summary>A cache has answered a request.</summary>
/// <param name="How">How.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Reason">Its reason phrase.</param>
/// <param name="Fields">Its fields, with its age.</param>
/// <param name="BodyBytes">Bytes of its content, as it is kept.</param>
/// <param name="AgeNanoseconds">How old it is.</param>
/// <param name="FreshForNanoseconds">For how long it is fresh from now on; less than nothing: for how long it has been stale.</param>
/// <param name="IsGuessed">Nobody says for how long it is fresh: a tenth of the time since its last change is taken (RFC 9111 4.2.2).</param>
public sealed record CacheAnswered(
    CacheAnswer How, int Status, string Reason, HttpField[] Fields, long BodyBytes, long AgeNanoseconds, long FreshForNanoseconds, bool IsGuessed) : TraceEvent;

/// <summary>A server is asked whether what is kept is still so (RFC 9111 4.3).</summary>
/// <param name="Doubt">Why.</param>
/// <param name="AgeNanoseconds">How old what is kept is.</param>
/// <param name="FreshForNanoseconds">For how long it is fresh from now on; less than nothing: for how long it has been stale.</param>
/// <param name="Conditions">By which fields it is asked; none where what is kept has neither entity tag nor date, and all of it is asked for.</param>
public sealed record CacheDoubted(CacheDoubt Doubt, long AgeNanoseconds, long FreshForNanoseconds, HttpField[] Conditions) : TraceEvent;

/// <summary>A response is kept.</summary>
/// <param name="BodyBytes">Bytes of its content.</param>
/// <param name="FreshForNanoseconds">For how long it is fresh from now on; nothing where the server has to be asked each time.</param>
/// <param name="IsGuessed">Nobody says for how long.</param>
/// <param name="IsPersonal">It is kept for this run alone, as it belongs to whoever asked.</param>
public sealed record CacheKept(long BodyBytes, long FreshForNanoseconds, bool IsGuessed, bool IsPersonal) : TraceEvent;

/// <summary>A response is not kept.</summary>
/// <param name="Why">Why.</param>
public sealed record CacheNotKept(CacheRefusal Why) : TraceEvent;

/// <summary>What was kept of a URI is forgotten, as a request has changed it (RFC 9111 4.4).</summary>
/// <param name="Uri">Which.</param>
public sealed record CacheForgot(string Uri) : TraceEvent;

/// <summary>A response could not be kept, as the store has no room or may not be written.</summary>
/// <param name="Error">What the system says.</param>
public sealed record CacheUnwritten(Firstbyte.Errors.Errno Error) : TraceEvent;
