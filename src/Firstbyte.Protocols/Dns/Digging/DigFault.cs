namespace Firstbyte.Dns.Digging;

/// <summary>Why a line is none of dig's.</summary>
public enum DigFaultKind
{
    None,

    /// <summary>There is no such option.</summary>
    UnknownOption,

    /// <summary>dig has it, and it is not done here.</summary>
    NotDone,

    /// <summary>The option wants a value.</summary>
    WantsValue,

    /// <summary>The value is none that the option has.</summary>
    BadValue,

    /// <summary>It is no domain name.</summary>
    NoName,
}

/// <summary>What is wrong with a line, and at which word.</summary>
/// <param name="Kind">What.</param>
/// <param name="Word">The option or word.</param>
/// <param name="Value">What was given to it.</param>
public sealed record DigFault(DigFaultKind Kind, string Word, string Value = "")
{
    /// <summary>Nothing.</summary>
    public static DigFault None { get; } = new(DigFaultKind.None, "");
}
