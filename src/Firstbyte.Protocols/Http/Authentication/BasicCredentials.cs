using System.Text;

namespace Firstbyte.Http.Authentication;

/// <summary>User and password as Basic authentication sends them (RFC 7617 2).</summary>
public static class BasicCredentials
{
    /// <summary>"Basic " and the base64 of user-id ":" password, in UTF-8.</summary>
    public static string Of(Credentials credentials)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        return Of(OctetText.Octets(credentials.User), OctetText.Octets(credentials.Password));
    }

    /// <summary>The same of bytes, which a URL may give that are no text.</summary>
    public static string Of(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password) => "Basic " + Convert.ToBase64String([.. user, (byte)':', .. password]);

    /// <summary>User and password of an Authorization field; null when it is no Basic.</summary>
    public static Credentials? Read(Challenge challenge)
    {
        ArgumentNullException.ThrowIfNull(challenge);
        if (!challenge.Is("Basic") || challenge.Token is not { } token) { return null; }
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length)) { return null; }
        // user-id has no colon: the first one ends it.
        var colon = bytes.AsSpan(0, length).IndexOf((byte)':');
        return colon < 0 ? null : new Credentials(Encoding.UTF8.GetString(bytes, 0, colon), Encoding.UTF8.GetString(bytes, colon + 1, length - colon - 1));
    }
}
