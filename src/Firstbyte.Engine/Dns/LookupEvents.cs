using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>How a call of the resolver ended.</summary>
public enum LookupEnd
{
    /// <summary>With what was asked for.</summary>
    Found,

    /// <summary>There is no such name.</summary>
    NoSuchName,

    /// <summary>The name has no such records.</summary>
    NoSuchRecords,

    /// <summary>Nobody could be asked, or nobody answered.</summary>
    Failed,
}

/// <summary>A program calls the resolver of its Socket library, and waits. Told only to whoever looks at calls.</summary>
/// <param name="Host">The machine; empty for this machine.</param>
/// <param name="Name">The name, as the program gives it.</param>
/// <param name="Type">The type of the records; null for addresses of any version (getaddrinfo, the chapter's gethostbyname).</param>
public sealed record LookupCalled(string Host, string Name, string? Type) : TraceEvent;

/// <summary>The resolver comes back: what it found stands in the program's memory.</summary>
/// <param name="Host">The machine; empty for this machine.</param>
/// <param name="Name">The name that was asked for.</param>
/// <param name="Type">The type of the records; null for addresses.</param>
/// <param name="Answers">The addresses, or the records' data.</param>
/// <param name="End">How it ended.</param>
public sealed record LookupReturned(string Host, string Name, string? Type, string[] Answers, LookupEnd End) : TraceEvent;

/// <summary>Calls of the resolver, told from outside: down, and back, by an exception too.</summary>
public static class ToldLookups
{
    /// <summary>Looks up one question, as a program's call of res_query() does.</summary>
    public static async ValueTask<ResolutionOutcome> QueryAsync(
        TraceSpan span, string host, string name, string type, Func<ValueTask<ResolutionOutcome>> lookup)
    {
        span.Tell(new LookupCalled(host, name, type));
        try
        {
            var outcome = await lookup();
            var answers = outcome is ResolvedAnswer answer
                ? answer.Records.Where(record => record.Type.ToString() == type).Select(static record => record.Data.ToString()!)
                : [];
            span.Tell(new LookupReturned(host, name, type, [.. answers], EndOf(outcome)));
            return outcome;
        }
        catch (OperationCanceledException)
        {
            span.Tell(new LookupReturned(host, name, type, [], LookupEnd.Failed));
            throw;
        }
    }

    /// <summary>Looks up the addresses of a host, as a program's call of getaddrinfo() does.</summary>
    public static async ValueTask<AddressLookup> AddressesAsync(TraceSpan span, string host, string name, Func<ValueTask<AddressLookup>> lookup)
    {
        span.Tell(new LookupCalled(host, name, null));
        try
        {
            var found = await lookup();
            var end = found.Addresses.Length > 0
                ? LookupEnd.Found
                : found.NameDoesNotExist ? LookupEnd.NoSuchName : found.Failure is null ? LookupEnd.NoSuchRecords : LookupEnd.Failed;
            span.Tell(new LookupReturned(host, name, null, [.. found.Addresses.Select(static address => address.ToString())], end));
            return found;
        }
        catch (OperationCanceledException)
        {
            span.Tell(new LookupReturned(host, name, null, [], LookupEnd.Failed));
            throw;
        }
    }

    private static LookupEnd EndOf(ResolutionOutcome outcome) => outcome switch
    {
        ResolvedAnswer { Code: var code } when code == ResponseCode.NameError => LookupEnd.NoSuchName,
        ResolvedAnswer { IsDenial: true } => LookupEnd.NoSuchRecords,
        ResolvedAnswer => LookupEnd.Found,
        _ => LookupEnd.Failed,
    };
}
