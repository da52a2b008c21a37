using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Firstbyte.Fuzz.Running;

/// <summary>Which edges of the instrumented code an input took, and how often; and which any input has taken so far.</summary>
/// <remarks>
/// SharpFuzz rewrites the assemblies so that each branch adds one to a counter of a shared map, at a place made of the branch before and this
/// one (the scheme of AFL). Counts are put into AFL's eight classes (1, 2, 3, 4–7, 8–15, 16–31, 32–127, more), one bit each, so that a loop
/// that runs 40 times instead of 39 is no news, and one that runs twice instead of once is.
/// </remarks>
internal sealed unsafe class CoverageMap
{
    /// <summary>SharpFuzz's and AFL's size of the map.</summary>
    public const int Size = 1 << 16;

    private static readonly byte[] s_classes = MakeClasses();

    private readonly byte* _trace = (byte*)NativeMemory.AlignedAlloc(Size, 64);
    private readonly byte[] _seen = new byte[Size];

    /// <summary>Makes this the map that instrumented code writes to.</summary>
    public CoverageMap()
    {
        Clear();
        Trace.SharedMem = _trace;
    }

    /// <summary>Edges that any input has taken.</summary>
    public int Edges { get; private set; }

    /// <summary>Forgets the last input's edges.</summary>
    public void Clear()
    {
        new Span<byte>(_trace, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Adds the last input's edges to those seen; true when one of them, or its class of counts, is new.</summary>
    public bool Merge()
    {
        var news = false;
        ref var seen = ref MemoryMarshal.GetArrayDataReference(_seen);
        for (var at = 0; at < Size; at += Vector<byte>.Count)
        {
            // Nearly all of the map is zero.
            if (Vector.EqualsAll(Vector.Load(_trace + at), Vector<byte>.Zero)) { continue; }
            for (var i = at; i < at + Vector<byte>.Count; i++)
            {
                if (_trace[i] == 0) { continue; }
                ref var known = ref Unsafe.Add(ref seen, i);
                var count = s_classes[_trace[i]];
                if ((known & count) == count) { continue; }
                if (known == 0) { Edges++; }
                known |= count;
                news = true;
            }
        }
        return news;
    }

    /// <summary>The last input's edges with the class of their counts, each as one number.</summary>
    public HashSet<int> Features()
    {
        var features = new HashSet<int>();
        for (var i = 0; i < Size; i++)
        {
            if (_trace[i] != 0) { features.Add(i << 8 | s_classes[_trace[i]]); }
        }
        return features;
    }

    private static byte[] MakeClasses()
    {
        var classes = new byte[256];
        for (var count = 1; count < 256; count++)
        {
            classes[count] = (byte)(count switch { 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128 });
        }
        return classes;
    }
}
