using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Finds what a name stands for. Hosts file, search list, stub and iterative resolver are all of this kind, and wrap each other.</summary>
public interface INameResolver
{
    /// <summary>
    /// Resolves one question. The outcome is an answer, which may be a denial, or a failure with reason and evidence; events go to a step inside
    /// <paramref name="span"/>.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default);
}

/// <summary>How one question is to be resolved.</summary>
public sealed record ResolutionOptions
{
    /// <summary>Ask servers, even if the cache knows.</summary>
    public bool Fresh { get; init; }

    /// <summary>How long the answer may take; null for the resolver's own limit.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>Ask nobody: what the cache does not know is a failure (<see cref="ResolutionFailureReason.BudgetSpent"/>).</summary>
    public bool CacheOnly { get; init; }

    /// <summary>Take the answer as it comes: who asks checks its signatures himself (CD, RFC 4035 section 3.2.2).</summary>
    public bool Unchecked { get; init; }

    /// <summary>The name is whole (it was written with its last dot): no search list is applied.</summary>
    public bool IsAbsolute { get; init; }

    internal ResolutionBudget ToBudget(Instant now, TimeSpan time) =>
        new(now + (Time ?? time), CacheOnly ? 0 : ResolutionLimits.SendsPerClientQuery) { WantsFresh = Fresh };
}

/// <summary>The addresses of a host, and how each question about them ended.</summary>
/// <param name="Name">The name asked for.</param>
/// <param name="Addresses">The addresses, those of the first question first; empty when there are none.</param>
/// <param name="Outcomes">The outcome of each question, in the order asked.</param>
public sealed record AddressLookup(DnsName Name, IpAddress[] Addresses, ResolutionOutcome[] Outcomes)
{
    /// <summary>The one version whose addresses were asked for; none when both were.</summary>
    public IpVersion Only { get; init; }

    /// <summary>The failure to tell of when there are no addresses; null when there are some, or when the absence itself was the answer.</summary>
    public ResolutionFailure? Failure => Addresses.Length > 0 ? null : Outcomes.OfType<ResolutionFailure>().FirstOrDefault();

    /// <summary>True when the name does not exist.</summary>
    public bool NameDoesNotExist => Outcomes.Any(outcome => outcome is ResolvedAnswer answer && answer.Code == ResponseCode.NameError);
}

/// <summary>Addresses by way of any resolver.</summary>
public static class NameResolverAddresses
{
    /// <summary>Asks for A and AAAA records, as the versions say; both questions are under way at the same time, IPv4 addresses come first.</summary>
    public static async ValueTask<AddressLookup> ResolveAddressesAsync(
        this INameResolver resolver, DnsName name, bool useV4 = true, bool useV6 = true, ResolutionOptions? options = null, TraceSpan span = default,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        var questions = new List<Task<ResolutionOutcome>>();
        if (useV4) { questions.Add(resolver.ResolveAsync(name, RecordType.A, options, span, cancellationToken).AsTask()); }
        if (useV6) { questions.Add(resolver.ResolveAsync(name, RecordType.AAAA, options, span, cancellationToken).AsTask()); }
        var outcomes = new List<ResolutionOutcome>();
        var addresses = new List<IpAddress>();
        foreach (var question in questions)
        {
            var outcome = await question;
            outcomes.Add(outcome);
            if (outcome is ResolvedAnswer answer) { addresses.AddRange(answer.Addresses); }
        }
        return new AddressLookup(name, [.. addresses], [.. outcomes]) { Only = useV4 == useV6 ? IpVersion.None : useV4 ? IpVersion.V4 : IpVersion.V6 };
    }
}
