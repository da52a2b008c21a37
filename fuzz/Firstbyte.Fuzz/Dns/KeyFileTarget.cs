using System.Text;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Reads the two files of a key, which stand one behind the other with a zero between.</summary>
internal sealed class KeyFileTarget : FuzzTarget
{
    /// <summary>A key of each algorithm: those of RFC 8080 and RFC 6605, and an RSA key of 1024 bits, so that an input stays short.</summary>
    private static readonly string[] s_keys =
    [
        "example. IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=\n\0Private-key-format: v1.2\nAlgorithm: 15 (ED25519)\nPrivateKey: ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n",
        "example. 3600 IN DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==\n\0Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=\n",
        "example. IN DNSKEY 256 3 8 AwEAAeXV4A2WJsuS86NB+bR6IY/NtB1oo7RcUqDryZ/iMvK+n2iNYODM 9s0V046oDOlXz1Jmw1GxXt4pxa" +
        "tgE0zvv+ZhwLOY+Z/AnP//K2LWPxIy FzI8XibXfPJZdFAetxHnEKNKSz8fOYD76LeRVz+nIJsK7U4BuiDqZCQX QTGtvmY3\n\0Private-ke" +
        "y-format: v1.3\nAlgorithm: 8 (RSASHA256)\nModulus: 5dXgDZYmy5Lzo0H5tHohj820HWijtFxSoOvJn+Iy8r6faI1g4Mz2zRXTjqg" +
        "M6VfPUmbDUbFe3inFq2ATTO+/5mHAs5j5n8Cc//8rYtY/EjIXMjxeJtd88ll0UB63EecQo0pLPx85gPvot5FXP6cgmwrtTgG6IOpkJBdBMa2+Z" +
        "jc=\nPublicExponent: AQAB\nPrivateExponent: u7TU68O5o4E84hS77x3f0yZY97vCF0dfZHWtkZqXqZDtd+IfQPmkhxJQWa39/YTtmY" +
        "q78jg+FotfGPu6R5d2zRCwoYdvTtyXSpJE0uzRDdmdG3am9U61ZyF1nCCc6T2clr3yBWPLPnvdJEadnSgRu3pFkzUoerWRTaNIHEmdVGE=\nPr" +
        "ime1: +CG90RqTSlNGNY48zqpTxwH0JVHox9XxxrIU69xSadFjj0AchLN8QktMIbm68UvUrQKL1qMYftYtURq9A9CoXQ==\nPrime2: 7R+cCL" +
        "kyBJQdCOxZAesNiKpZX3MJZyqebv+KWsb1AeWYt/9304N2ixHL6veDufzvLK+2FUzyRmuH51DpKsDPow==\nExponent1: dBQ824zGKPgqGTX" +
        "QZpIyHSBh2e+mqY4BzIVU2j44474MCGDitoXM9KqLFB/yP53NAZ72UlP8SqHhk1ah5B4CFQ==\nExponent2: xlKCsXUbVWL/qb/rbcRHLH+1" +
        "gjR3r9agbhvCfswajTyXb4T2lmxEkGoREHN1s+/NpqVLeCNEGwvCvgAZFA3xWw==\nCoefficient: KLUL2FuFPksCJdfMrh+YP2PX+XQj5t1" +
        "dNX4s3cltidXrmxvY8Fn7JtgnJgMB7Jg8k2ePFHLK2X2uuOkn4V7q3g==\n",
    ];

    public override string Name => "key-file";

    public override string Holds => "no exception; a key that is read is that of its public file, is written and read as the same key, and what it signs is its own public half's";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[] { "\0", "\n", ": ", "v1.3", "Algorithm: 8 (RSASHA256)", "Modulus: ", "PublicExponent: AQAB\n", "PrivateExponent: ", "Prime1: ", "Exponent1: ", "Coefficient: ", " 256 3 8 ", "AwEAAQ==", "=" }
            .Select(Encoding.Latin1.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => s_keys.Select(Encoding.Latin1.GetBytes);

    public override void Check(byte[] input)
    {
        var files = Encoding.Latin1.GetString(input).Split('\0', 2);
        if (files.Length < 2) { return; }
        if (!KeyFile.TryRead(files[0], files[1], out var key, out var flaw))
        {
            Require(flaw != KeyFileFlaw.None, "refused without a reason");
            return;
        }
        var shown = ZoneFileReader.Read("$TTL 0\n" + files[0], "", DnsName.Root).Records.Single();
        Require(shown.Data.Equals(key.Public.Data), "the two files are not those of one key");
        Require(KeyFile.TryRead(KeyFile.WritePublic(key.Public), KeyFile.WritePrivate(key), out var again, out flaw), $"what a key writes is no key: {flaw}");
        Require(again.Public.Data.Equals(key.Public.Data), "what a key writes is another key");
        Require(SignatureVerifier.IsSigned(input, key.Sign(input), key.Public), "what the key signs is not its own");
    }
}
