using Firstbyte.Urls.Idna;

namespace Firstbyte.Http.Authentication;

/// <summary>Ways in which a client shows who asks.</summary>
[Flags]
public enum AuthenticationSchemes
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>User and password in base64, which hides nothing (RFC 7617).</summary>
    Basic = 1,

    /// <summary>A hash of the password and of what the server has sent (RFC 7616).</summary>
    Digest = 2,

    /// <summary>A token that lets whoever has it in (RFC 6750).</summary>
    Bearer = 4,

    /// <summary>Whichever the server offers that hides the password best.</summary>
    AnyWithPassword = Basic | Digest,
}

/// <summary>Who asks: a name and a password.</summary>
/// <param name="User">The name.</param>
/// <param name="Password">The password; empty where there is none.</param>
public sealed record Credentials(string User, string Password)
{
    /// <summary>The same for a server that reads UTF-8: both in Normalization Form C, in which others write them too (RFC 7616 section 4, RFC 8265).</summary>
    public Credentials Normalized() => this with { User = Nfc.Of(User), Password = Nfc.Of(Password) };

    /// <summary>Without the password, which no message of a debugger or a test shows.</summary>
    public override string ToString() => $"{User}:…";
}
