using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Validating;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>What one client's question may cost in all. Every sub-question draws on the same budget; nothing refills it.</summary>
/// <remarks>
/// Theory of operation. An attacker who owns a zone can make a resolver work by referrals, aliases and name servers whose names need
/// resolving themselves. Limits for each step multiply with each other; only a sum for the whole tree of questions bounds the work
/// (the lesson of the NXNS, CAMP and iDNS attacks). So the budget is an object, created with the client's question and handed on by
/// reference. The figures are kept in <see cref="ResolutionLimits"/>.
/// </remarks>
public sealed class ResolutionBudget
{
    // Of most questions no answer is distrusted.
    private HashSet<Question>? _distrusted;
    private List<Endpoint>? _distrustedServers;

    /// <summary>A budget that ends at the deadline or with its last send, whichever is first.</summary>
    public ResolutionBudget(Instant deadline, int sends = ResolutionLimits.SendsPerClientQuery)
    {
        Deadline = deadline;
        SendsLeft = sends;
        AddressLookupsLeft = ResolutionLimits.AddressLookupsPerTree;
        FailedAddressLookupsLeft = ResolutionLimits.FailedAddressLookupsPerTree;
    }

    /// <summary>When the client has waited long enough.</summary>
    public Instant Deadline { get; }

    /// <summary>The client wants what servers say now: its own question is not answered from the cache (the questions below it are).</summary>
    public bool WantsFresh { get; init; }

    /// <summary>What checking signatures may cost.</summary>
    public ValidationBudget Validation { get; } = new();

    /// <summary>Whether a server's answer to this question was found not to hold: it is asked of others, and not of the cache.</summary>
    internal bool Distrusts(Question question) => _distrusted?.Contains(question) ?? false;

    /// <summary>The servers whose answers to one question or another of this client's did not hold: they are asked last.</summary>
    internal IReadOnlyList<Endpoint> DistrustedServers => (IReadOnlyList<Endpoint>?)_distrustedServers ?? [];

    /// <summary>Notes that a server's answer to this question does not hold.</summary>
    internal void Distrust(Question question, Endpoint server)
    {
        _distrusted ??= [];
        _distrustedServers ??= [];
        _distrusted.Add(question);
        if (!_distrustedServers.Contains(server)) { _distrustedServers.Add(server); }
    }

    /// <summary>Messages that may still be sent to servers.</summary>
    public int SendsLeft { get; private set; }

    /// <summary>Messages sent so far.</summary>
    public int SendsSpent { get; private set; }

    /// <summary>Lookups of name servers' addresses that may still be started.</summary>
    public int AddressLookupsLeft { get; private set; }

    /// <summary>Lookups of name servers' addresses that may still end without an address.</summary>
    public int FailedAddressLookupsLeft { get; private set; }

    /// <summary>True when the deadline has come or nothing may be sent any more.</summary>
    public bool IsSpent(Instant now) => SendsLeft <= 0 || now >= Deadline;

    /// <summary>Takes one message; false when none is left.</summary>
    public bool TryChargeSend()
    {
        if (SendsLeft <= 0) { return false; }
        SendsLeft--;
        SendsSpent++;
        return true;
    }

    /// <summary>Takes one lookup of a name server's address; false when none is left.</summary>
    public bool TryChargeAddressLookup()
    {
        if (AddressLookupsLeft <= 0 || FailedAddressLookupsLeft <= 0) { return false; }
        AddressLookupsLeft--;
        return true;
    }

    /// <summary>Notes that a lookup of a name server's address gave none.</summary>
    public void NoteFailedAddressLookup() => FailedAddressLookupsLeft--;
}
