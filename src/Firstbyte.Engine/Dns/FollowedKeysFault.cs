namespace Firstbyte.Dns;

/// <summary>Why no keys can be followed.</summary>
public enum FollowedKeysFault
{
    /// <summary>They can.</summary>
    None,

    /// <summary>There is no file yet, and nothing to begin one with.</summary>
    Nothing,

    /// <summary>The file, or what it would begin with, is faulty.</summary>
    Faulty,
}
