using Firstbyte.Errors;
using Firstbyte.Http.Caching;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishCache : ICacheSentences
{
    private readonly EnglishAmounts _amounts = new();
    private readonly EnglishFiles _files = new();

    public Phrase Answered(CacheAnswered answer) => answer.How switch
    {
        CacheAnswer.Fresh => $"{Status(answer)} from cache, {Span(answer.AgeNanoseconds)} old, {Rest(answer)}",
        CacheAnswer.Stale =>
            $"! {Status(answer)} from cache, {Span(answer.AgeNanoseconds)} old, stale for {Span(-answer.FreshForNanoseconds)}, which the request takes",
        CacheAnswer.Validated => $"validated: 304; {Status(answer)} from cache, {Rest(answer)}",
        CacheAnswer.InsteadOfError =>
            $"! {Status(answer)} from cache in the place of the server's answer, {Span(answer.AgeNanoseconds)} old, "
            + $"stale for {Span(-answer.FreshForNanoseconds)}",
        CacheAnswer.Nothing => "nothing that is kept answers this, and the request wants nobody to be asked (only-if-cached)",
    };

    public Phrase Doubted(CacheDoubted doubted) =>
        $"{Why(doubted)}: {(doubted.Conditions.Length > 0 ? "the server is asked whether it is still so" : "all of it is asked for anew"):words}";

    public Phrase Kept(CacheKept kept) => kept.FreshForNanoseconds > 0
        ? $"kept in the cache{Where(kept):words}, fresh for {Span(kept.FreshForNanoseconds)}{Guess(kept.IsGuessed):words}"
        : $"kept in the cache{Where(kept):words}; the server is asked each time";

    public Phrase NotKept(CacheRefusal why) => $"not kept in the cache: {Refusal(why):words}";

    public Phrase Forgot(string uri) => $"what the cache had of {uri} is forgotten, as this has changed it";

    public Phrase Unwritten(Errno error) => $"! not kept in the cache: {_files.NotWritten(error)}";

    private static Phrase Status(CacheAnswered answer) => $"{answer.Status} {answer.Reason}";

    private static string Guess(bool isGuessed) => isGuessed ? " (a tenth of the time since its last change)" : "";

    private static string Where(CacheKept kept) => kept.IsPersonal ? " for this run" : "";

    private Phrase Rest(CacheAnswered answer) => answer.FreshForNanoseconds > 0
        ? $"fresh for {Span(answer.FreshForNanoseconds)} more{Guess(answer.IsGuessed):words}"
        : Say($"to be asked about each time");

    private Phrase Why(CacheDoubted doubted) => doubted.Doubt switch
    {
        CacheDoubt.None or CacheDoubt.Stale when doubted.FreshForNanoseconds == -doubted.AgeNanoseconds => "what is kept is stale from the beginning",
        CacheDoubt.None or CacheDoubt.Stale => $"what is kept is {Span(doubted.AgeNanoseconds)} old, stale for {Span(-doubted.FreshForNanoseconds)}",
        CacheDoubt.ResponseWants => "what is kept wants to be asked about each time (no-cache)",
        CacheDoubt.UserWants => $"what is kept is {Span(doubted.AgeNanoseconds)} old, and the request wants it newer",
        CacheDoubt.ClockSetBack => "what is kept came later than now: the clock was set back",
    };

    private Phrase Span(long nanoseconds) => _amounts.Duration(Math.Max(0, nanoseconds / 1_000_000_000 * 1_000_000_000));

    private string Refusal(CacheRefusal why) => why switch
    {
        CacheRefusal.None => "nobody knows why",
        CacheRefusal.Method => "only answers to GET are",
        CacheRefusal.Partial => "it is a part",
        CacheRefusal.Status => "its status is for this request alone",
        CacheRefusal.RequestForbids => "the request says no-store",
        CacheRefusal.ResponseForbids => "it says no-store",
        CacheRefusal.Authorization => "it was given for a password or a token, and does not say that it may be kept",
        CacheRefusal.Cookies => "it sets cookies, and does not say how long it may be kept",
        CacheRefusal.NeverUsable => "it does not say for how long it is fresh, and has neither ETag nor Last-Modified to ask by",
        CacheRefusal.Vary => "no other request is like this one (Vary)",
        CacheRefusal.TooLarge => $"it is longer than {_amounts.Bytes(CacheStoring.MaximumContent)}",
    };
}
