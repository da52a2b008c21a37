namespace Firstbyte.Labs;

/// <summary>What stands in a lab's file where something else was expected.</summary>
public enum LabFoundKind
{
    /// <summary>'…'.</summary>
    Word,

    /// <summary>"…".</summary>
    Text,

    /// <summary>','.</summary>
    Comma,

    /// <summary>'{'.</summary>
    OpenBrace,

    /// <summary>'}'.</summary>
    CloseBrace,

    /// <summary>The end of the statement.</summary>
    EndOfStatement,

    /// <summary>The end of the file.</summary>
    EndOfFile,

    /// <summary>The end of the line.</summary>
    EndOfLine,

    /// <summary>….</summary>
    Address,

    /// <summary>….</summary>
    Count,

    /// <summary>A second one.</summary>
    SecondOne,

    /// <summary>One more.</summary>
    OneMore,

    /// <summary>Both.</summary>
    Both,

    /// <summary>An address that is lent.</summary>
    LentAddress,

    /// <summary>Https without a name.</summary>
    NoCertificateName,

    /// <summary>Http alone.</summary>
    PlainScheme,

    /// <summary>Nothing.</summary>
    Nothing,
}
