using Firstbyte.Errors;
using Firstbyte.Http.Caching;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What a cache of responses answers, asks, keeps and forgets (RFC 9111).</summary>
public interface ICacheSentences
{
    /// <summary>That a request is answered from the cache, and how old the answer is.</summary>
    Phrase Answered(CacheAnswered answer);

    /// <summary>That a server is asked about what is kept, and why.</summary>
    Phrase Doubted(CacheDoubted doubted);

    /// <summary>That a response is kept, and for how long it will be used.</summary>
    Phrase Kept(CacheKept kept);

    /// <summary>That a response is not kept, and why.</summary>
    Phrase NotKept(CacheRefusal why);

    /// <summary>That what was kept of a URI is forgotten.</summary>
    Phrase Forgot(string uri);

    /// <summary>That a response could not be kept.</summary>
    Phrase Unwritten(Errno error);
}
