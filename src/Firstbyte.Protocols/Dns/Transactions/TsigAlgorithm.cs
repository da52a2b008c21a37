using System.Security.Cryptography;
using Firstbyte.Dns.Records;
using Firstbyte.Hashing;

namespace Firstbyte.Dns.Transactions;

/// <summary>An algorithm by which messages are signed with a secret that two hosts share (RFC 8945 section 6).</summary>
public sealed class TsigAlgorithm
{
    private readonly Func<byte[], TsigHash> _start;

    private TsigAlgorithm(string mnemonic, string name, int length, Func<byte[], TsigHash> start)
    {
        (Mnemonic, Name, Length, _start) = (mnemonic, DnsName.Parse(name), length, start);
    }

    /// <summary>For peers of long ago alone: not to be used any more (RFC 8945 section 6, RFC 6151).</summary>
    public static TsigAlgorithm HmacMd5 { get; } = Of("hmac-md5", "hmac-md5.sig-alg.reg.int.", 16, HashAlgorithmName.MD5);

    public static TsigAlgorithm HmacSha1 { get; } = Of("hmac-sha1", "hmac-sha1.", 20, HashAlgorithmName.SHA1);

    public static TsigAlgorithm HmacSha224 { get; } = new("hmac-sha224", "hmac-sha224.", Hashing.HmacSha224.Length, static secret => new Sha224Hash(secret));

    /// <summary>The one that everybody has.</summary>
    public static TsigAlgorithm HmacSha256 { get; } = Of("hmac-sha256", "hmac-sha256.", 32, HashAlgorithmName.SHA256);

    public static TsigAlgorithm HmacSha384 { get; } = Of("hmac-sha384", "hmac-sha384.", 48, HashAlgorithmName.SHA384);

    public static TsigAlgorithm HmacSha512 { get; } = Of("hmac-sha512", "hmac-sha512.", 64, HashAlgorithmName.SHA512);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<TsigAlgorithm> All { get; } = [HmacMd5, HmacSha1, HmacSha224, HmacSha256, HmacSha384, HmacSha512];

    /// <summary>As configuration files write it.</summary>
    public string Mnemonic { get; }

    /// <summary>As messages write it.</summary>
    public DnsName Name { get; }

    /// <summary>The length of a whole code in bytes.</summary>
    public int Length { get; }

    /// <summary>Cut shorter than this no code is well-formed (RFC 8945 section 5.2.2.1): ten bytes, or half of a whole one.</summary>
    public int MinLength => Math.Max(10, Length / 2);

    /// <summary>The algorithm that configuration files call so; null for none. BIND takes MD5's name in both its forms.</summary>
    public static TsigAlgorithm? Find(ReadOnlySpan<char> mnemonic)
    {
        foreach (var algorithm in All)
        {
            if (mnemonic.Equals(algorithm.Mnemonic, StringComparison.OrdinalIgnoreCase)) { return algorithm; }
        }
        return mnemonic.TrimEnd('.').Equals("hmac-md5.sig-alg.reg.int", StringComparison.OrdinalIgnoreCase) ? HmacMd5 : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Mnemonic;

    internal TsigHash Start(byte[] secret) => _start(secret);

    private static TsigAlgorithm Of(string mnemonic, string name, int length, HashAlgorithmName hash) =>
        new(mnemonic, name, length, secret => new LibraryHash(IncrementalHash.CreateHMAC(hash, secret)));

    private sealed class LibraryHash(IncrementalHash hash) : TsigHash
    {
        public override void Append(ReadOnlySpan<byte> data) => hash.AppendData(data);

        public override int Finish(Span<byte> destination) => hash.GetHashAndReset(destination);

        public override void Dispose() => hash.Dispose();
    }

    private sealed class Sha224Hash(byte[] secret) : TsigHash
    {
        private readonly HmacSha224 _hash = new(secret);

        public override void Append(ReadOnlySpan<byte> data) => _hash.Append(data);

        public override int Finish(Span<byte> destination)
        {
            _hash.Finish(destination);
            return Hashing.HmacSha224.Length;
        }

        public override void Dispose() { }
    }
}

/// <summary>A code that is being made.</summary>
internal abstract class TsigHash : IDisposable
{
    /// <summary>The longest code: SHA-512's.</summary>
    public const int MaxLength = 64;

    public abstract void Append(ReadOnlySpan<byte> data);

    /// <summary>Writes the code and returns its length; nothing more can be appended.</summary>
    public abstract int Finish(Span<byte> destination);

    public abstract void Dispose();
}
