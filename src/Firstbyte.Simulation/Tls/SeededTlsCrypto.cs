using Firstbyte.Sockets;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Firstbyte.Tls;

/// <summary>BouncyCastle's primitives with every random byte from one source: the same source, the same bytes on the wire.</summary>
/// <remarks>
/// The library stirs the process's clock and a counter into its nonce generators; they are replaced, because a
/// world's bytes depend on its seed alone.
/// </remarks>
internal sealed class SeededTlsCrypto(IRandomSource random) : BcTlsCrypto(Seeded(random))
{
    public static SecureRandom Seeded(IRandomSource random) => new(new SourceGenerator(random));

    public override TlsNonceGenerator CreateNonceGenerator(byte[] additionalSeedMaterial) => new SourceNonces(random);

    public override TlsNonceGenerator CreateNonceGenerator(ReadOnlySpan<byte> additionalSeedMaterial) => new SourceNonces(random);

    private sealed class SourceNonces(IRandomSource random) : TlsNonceGenerator
    {
        public byte[] GenerateNonce(int size)
        {
            var nonce = new byte[size];
            random.Fill(nonce);
            return nonce;
        }
    }

    private sealed class SourceGenerator(IRandomSource random) : IRandomGenerator
    {
        // Seed material that callers stir in is the process's (time, counters): it has no place here.
        public void AddSeedMaterial(byte[] seed) { }

        public void AddSeedMaterial(ReadOnlySpan<byte> seed) { }

        public void AddSeedMaterial(long seed) { }

        public void NextBytes(byte[] bytes) => random.Fill(bytes);

        public void NextBytes(byte[] bytes, int start, int len) => random.Fill(bytes.AsSpan(start, len));

        public void NextBytes(Span<byte> bytes) => random.Fill(bytes);
    }
}
