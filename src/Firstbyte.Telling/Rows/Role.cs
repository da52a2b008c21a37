namespace Firstbyte.Telling.Rows;

/// <summary>The part that a text plays, by which a face chooses how it looks.</summary>
public enum Role
{
    /// <summary>Words of a sentence.</summary>
    Words,

    /// <summary>The label of a step.</summary>
    Label,

    /// <summary>Text of somebody else: from the wire, a file, the command line.</summary>
    Text,

    /// <summary>A name of the world of names.</summary>
    Name,

    /// <summary>An address of IP or of a link.</summary>
    Address,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A remark beside the story.</summary>
    Note,

    /// <summary>What the rows are about.</summary>
    Strong,

    /// <summary>It went well.</summary>
    Good,

    /// <summary>It went on, and ought to be seen.</summary>
    Warning,

    /// <summary>It failed.</summary>
    Bad,
}
