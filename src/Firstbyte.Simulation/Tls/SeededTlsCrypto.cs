using Firstbyte.Sockets;
using Firstbyte.Tls;
using Org.BouncyCastle.Crypto.Prng;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.Tls.Crypto;
using Org.BouncyCastle.Tls.Crypto.Impl.BC;

namespace Firstbyte.Simulation.Tls;

/// <summary>BouncyCastle's primitives with every random byte from one source: the same source, the same bytes on the wire.</summary>
/// <remarks>
/// The library stirs the process's clock and a counter into its nonce generators; they are replaced, because a
/// world's bytes depend on its seed alone.
/// Every secret passes here on its way into a cipher: that is where it is logged, before anything is encrypted with it, so that a capture
/// can have it before the packets that need it.
/// </remarks>
internal sealed class SeededTlsCrypto(IRandomSource random, TlsKeyLog? keyLog = null) : BcTlsCrypto(Seeded(random))
{
    private bool _handshakeIsLogged;

    public override TlsCipher CreateCipher(TlsCryptoParameters cryptoParams, int encryptionAlgorithm, int macAlgorithm)
    {
        if (keyLog is not null) { Log(keyLog, cryptoParams.SecurityParameters); }
        return base.CreateCipher(cryptoParams, encryptionAlgorithm, macAlgorithm);
    }

    // Version 1.3 makes two ciphers, for the handshake and for the data (RFC 8446 section 7.1); version 1.2 one, from the master secret.
    private void Log(TlsKeyLog log, SecurityParameters parameters)
    {
        if (!TlsUtilities.IsTlsV13(parameters.NegotiatedVersion))
        {
            Add(log, "CLIENT_RANDOM", parameters, parameters.MasterSecret);
            return;
        }
        Add(log, _handshakeIsLogged ? "CLIENT_TRAFFIC_SECRET_0" : "CLIENT_HANDSHAKE_TRAFFIC_SECRET", parameters, parameters.TrafficSecretClient);
        Add(log, _handshakeIsLogged ? "SERVER_TRAFFIC_SECRET_0" : "SERVER_HANDSHAKE_TRAFFIC_SECRET", parameters, parameters.TrafficSecretServer);
        _handshakeIsLogged = true;
    }

    // Extracting a secret destroys it: a copy is extracted.
    private void Add(TlsKeyLog log, string label, SecurityParameters parameters, TlsSecret secret) =>
        log.Add(label, parameters.ClientRandom, AdoptSecret(secret).Extract());

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
