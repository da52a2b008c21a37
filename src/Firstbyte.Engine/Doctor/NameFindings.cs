using System.Text.Json.Serialization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;

namespace Firstbyte.Doctor;

/// <summary>A server of a zone says nothing.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Address">Its address.</param>
/// <param name="IsLast">Whether no server of the zone says anything, so that all below it is gone.</param>
public sealed record NameServerSilent(string Zone, string Server, IpAddress Address, bool IsLast) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Zone} {Server} {Address}";
}

/// <summary>A server that the parent names for a zone does not serve it.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Said">What it said: the code of its answer, NOERROR where that is no answer of its own.</param>
public sealed record NameServerLame(string Zone, string Server, IpAddress Address, string Said) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Zone} {Server} {Address}";
}

/// <summary>A server takes its time.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Nanoseconds">How long it took.</param>
public sealed record NameServerSlow(string Zone, string Server, IpAddress Address, long Nanoseconds) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Zone} {Server} {Address}";
}

/// <summary>What a server has to understand beside plain questions over UDP.</summary>
public enum ServerSkill
{
    /// <summary>EDNS (RFC 6891).</summary>
    Edns,

    /// <summary>Questions over TCP (RFC 7766).</summary>
    Tcp,
}

/// <summary>A server answers plain questions over UDP, and no others.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Address">Its address.</param>
/// <param name="Skill">What it lacks.</param>
public sealed record NameServerDeaf(string Zone, string Server, IpAddress Address, ServerSkill Skill) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Zone} {Server} {Address} {Skill}";
}

/// <summary>The servers of a zone have different versions of it.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Serials">The serial numbers, each once.</param>
public sealed record NameSerialsDiffer(string Zone, uint[] Serials) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Zone;
}

/// <summary>The zone and its parent do not name the same servers.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="OnlyParent">Those that the parent alone names.</param>
/// <param name="OnlyChild">Those that the zone alone names.</param>
public sealed record NameServersDiffer(string Zone, string[] OnlyParent, string[] OnlyChild) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Zone;
}

/// <summary>The zone's NS records live for another time than its parent's for it.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Parent">Seconds that the parent gives them.</param>
/// <param name="Child">Seconds that the zone gives them.</param>
public sealed record NameTtlsDiffer(string Zone, uint Parent, uint Child) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Zone;
}

/// <summary>A server whose name lies in the zone it serves came without an address from the parent.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Server">The server's name.</param>
public sealed record NameGlueMissing(string Zone, string Server) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Zone} {Server}";
}

/// <summary>The parent gives a server other addresses than the zone does.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Parent">The addresses beside the referral.</param>
/// <param name="Child">Those in the zone.</param>
public sealed record NameGlueDiffers(string Zone, string Server, IpAddress[] Parent, IpAddress[] Child) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Zone} {Server}";
}

/// <summary>A server of a zone has no address at all.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Server">The server's name.</param>
public sealed record NameServerUnknown(string Zone, string Server) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Zone} {Server}";
}

/// <summary>Servers of the zone answer the same question differently.</summary>
/// <param name="Name">The name.</param>
/// <param name="Type">The type.</param>
/// <param name="Answers">The answers, each once; empty for none.</param>
public sealed record NameAnswersDiffer(string Name, string Type, string[] Answers) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => $"{Name} {Type}";
}

/// <summary>Validators refuse the answer.</summary>
/// <param name="Name">The name.</param>
/// <param name="Zone">The zone at which the chain of trust breaks.</param>
/// <param name="Flaw">What is wrong there.</param>
public sealed record NameBogus(string Name, string Zone, ValidationFlaw Flaw) : Finding
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Subject => Name;
}
