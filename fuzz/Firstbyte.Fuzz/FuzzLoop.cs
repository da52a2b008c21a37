namespace Firstbyte.Fuzz;

/// <summary>What is fuzzed: a check of one input, and well-formed inputs from which the others are bred.</summary>
/// <param name="Check">Takes one input, with random numbers for choices of its own; throws on a finding.</param>
/// <param name="Corpus">Inputs to begin with.</param>
/// <param name="Tokens">Byte strings that are worth inserting.</param>
internal sealed record FuzzTarget(Action<byte[], FuzzRandom> Check, byte[][] Corpus, byte[][] Tokens);

/// <summary>Breeds inputs by flips, cuts, inserts, repeats and joins of the corpus, a bounded number of them, the same ones for the same seed.</summary>
internal static class FuzzLoop
{
    // Long enough for every limit's neighbourhood to be reached by repeats, short enough for thousands of inputs a second.
    private const int MaximumLength = 512 * 1024;

    public static int Run(string name, FuzzTarget target, ulong seed, long count)
    {
        var random = new FuzzRandom(seed);
        for (var number = 0L; number < count; number++)
        {
            var input = Breed(target, random);
            try { target.Check(input, random); }
            catch (Exception finding)
            {
                var file = Path.GetFullPath($"{name}-{seed}-{number}.bin");
                File.WriteAllBytes(file, input);
                Console.Error.WriteLine($"{name}: seed {seed}, input {number} ({input.Length} bytes, kept in {file}):\n{finding}");
                return 1;
            }
        }
        Console.WriteLine($"{name}: seed {seed}, {count} inputs, no finding");
        return 0;
    }

    private static byte[] Breed(FuzzTarget target, FuzzRandom random)
    {
        var bytes = new List<byte>(target.Corpus[random.Below(target.Corpus.Length)]);
        for (var edits = random.Below(8); edits > 0; edits--)
        {
            var at = random.Below(bytes.Count + 1);
            switch (random.Below(7))
            {
                case 0 when at < bytes.Count: bytes[at] ^= (byte)(1 << random.Below(8)); break;
                case 1: bytes.Insert(at, (byte)random.Below(256)); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Below(20), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, target.Tokens[random.Below(target.Tokens.Length)]); break;
                case 4:
                    var other = target.Corpus[random.Below(target.Corpus.Length)];
                    bytes.InsertRange(at, other[random.Below(other.Length)..]);
                    break;
                case 5:
                    var run = bytes.GetRange(at, Math.Min(random.Below(40), bytes.Count - at));
                    for (var repeats = random.Below(random.Below(20) == 0 ? 2000 : 4); repeats > 0 && bytes.Count < MaximumLength; repeats--) { bytes.InsertRange(at, run); }
                    break;
                default: bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }
}

/// <summary>SplitMix64: the same numbers for the same seed on every version of the runtime.</summary>
internal sealed class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (int)Math.BigMul(mixed, (ulong)bound, out _);
    }
}
