namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>What must hold in every world.</summary>
internal enum WorldRule
{
    /// <summary>A question ends, in its time and with its messages.</summary>
    Ends,

    /// <summary>What is answered was so in the zone itself at a moment that the time to live reaches back to.</summary>
    Truth,

    /// <summary>No set is given for longer than its zone says.</summary>
    Time,

    /// <summary>What a chain of keys signs is secure, and nothing else is; what is true is not bogus.</summary>
    Security,

    /// <summary>Where all servers on the way answer, there is an answer, whatever others do and are asked.</summary>
    Independence,

    /// <summary>When the servers are well again, everything is found.</summary>
    Healing,

    /// <summary>A server is not asked again and again by one question, and not at all what the cache knows.</summary>
    Thrift,
}

/// <summary>A rule that does not hold in the world of a seed.</summary>
internal sealed record WorldBreach(ulong Seed, WorldRule Rule, double Seconds, string Detail)
{
    public override string ToString() => $"seed {Seed}, {Seconds:0.000} s: {Rule}: {Detail}";
}
