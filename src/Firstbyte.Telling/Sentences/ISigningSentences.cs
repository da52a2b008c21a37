using Firstbyte.Dns.Signing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Zones that are signed, and the keys that do it.</summary>
public interface ISigningSentences
{
    /// <summary>What was made of a zone.</summary>
    Phrase Signed(SignedZoneCounts counts);

    /// <summary>How long its signatures hold.</summary>
    Phrase Holds(DateTimeOffset inception, DateTimeOffset expiration);

    /// <summary>The signatures hold no longer, or not yet: nobody will believe the zone as it is.</summary>
    Phrase HoldsNotNow(DateTimeOffset inception, DateTimeOffset expiration, bool isOver);

    /// <summary>What stands below is for the keeper of the parent zone; of the root zone, which has none, for every validator.</summary>
    Phrase ForParent(bool isRoot);

    /// <summary>Two files that are no key.</summary>
    Phrase NoKey(string file, KeyFileFlaw flaw);

    Phrase KeyOfOtherZone(string file, string owner, string origin);

    /// <summary>The zone shows keys of an algorithm by which nothing is signed.</summary>
    Phrase NobodySigns(string algorithm);

    /// <summary>A zone whose name leaves no room for a hash in front of it.</summary>
    Phrase NoRoomForHashes(string origin, int length, int most);

    Phrase NoMoment(string option, string text);

    Phrase NoTimeBetween(string inception, string expiration);

    /// <summary>What shall come out the same each time needs both times from whoever asks for it.</summary>
    Phrase NeedsMoments(string deterministic, string inception, string expiration);

    /// <summary>No name of a key was free.</summary>
    Phrase KeysTaken(string folder, int tries);
}

/// <summary>What was made of a zone.</summary>
/// <param name="Origin">Its name.</param>
/// <param name="Serial">Its serial number.</param>
/// <param name="Records">All its records now.</param>
/// <param name="Signatures">Those that are signatures.</param>
/// <param name="Links">Those that are links of the chain.</param>
/// <param name="IsHashed">Whether the chain is NSEC3.</param>
/// <param name="Keys">The keys that signed.</param>
public sealed record SignedZoneCounts(string Origin, uint Serial, int Records, int Signatures, int Links, bool IsHashed, int Keys);
