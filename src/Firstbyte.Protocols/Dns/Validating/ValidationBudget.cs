using Firstbyte.Dns.Outcomes;

namespace Firstbyte.Dns.Validating;

/// <summary>What checking signatures may cost for one client's question: verifications, wrong ones among them, and hashes of names.</summary>
/// <remarks>
/// A zone can name many keys of the same number and put many signatures on a set, so that a validator tries all with all (KeyTrap,
/// CVE-2023-50387), and can make it hash names for every label (CVE-2023-50868). What bounds both is a sum for the whole question.
/// </remarks>
public sealed class ValidationBudget
{
    /// <summary>Signatures that may still be verified.</summary>
    public int VerificationsLeft { get; private set; } = ResolutionLimits.VerificationsPerClientQuery;

    /// <summary>Signatures that may still turn out wrong.</summary>
    public int FailuresLeft { get; private set; } = ResolutionLimits.FailedVerificationsPerClientQuery;

    /// <summary>Names that may still be hashed.</summary>
    public int HashesLeft { get; private set; } = ResolutionLimits.HashesPerClientQuery;

    /// <summary>Takes one verification; false when none is left, or when too many have failed.</summary>
    internal bool TryChargeVerification()
    {
        if (VerificationsLeft <= 0 || FailuresLeft <= 0) { return false; }
        VerificationsLeft--;
        return true;
    }

    /// <summary>Notes that a signature was wrong.</summary>
    internal void NoteFailure() => FailuresLeft--;

    /// <summary>Takes one hash; false when none is left.</summary>
    internal bool TryChargeHash()
    {
        if (HashesLeft <= 0) { return false; }
        HashesLeft--;
        return true;
    }
}
