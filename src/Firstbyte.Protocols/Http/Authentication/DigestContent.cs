using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Firstbyte.Http.Authentication;

/// <summary>H(content), made while the content passes (RFC 7616 3.4.3): it has to be read once before the request that brings it.</summary>
public sealed class DigestContent : IDisposable
{
    private readonly IncrementalHash _hash;

    /// <summary>A hash of nothing yet.</summary>
    [SuppressMessage("Security", "CA5351", Justification = "RFC 7616 has MD5 for servers that know nothing else.")]
    public DigestContent(DigestHash hash) =>
        _hash = IncrementalHash.CreateHash(hash == DigestHash.Md5 ? HashAlgorithmName.MD5 : HashAlgorithmName.SHA256);

    /// <summary>The next bytes of the content.</summary>
    public void Append(ReadOnlySpan<byte> piece) => _hash.AppendData(piece);

    /// <summary>The hash of all that came, in the digits in which it is hashed again.</summary>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => _hash.Dispose();
}
