using System.Diagnostics;
using System.IO.MemoryMappedFiles;

namespace Firstbyte.Fuzz.Running;

/// <summary>Runs inputs under the limits of time and memory, and leaves the input behind when it takes the whole process with it.</summary>
/// <remarks>
/// Managed code cannot be stopped from outside, so there are two limits. An input that came back but took too long or too much memory is run
/// again, and if it does so again it is a finding like any other. One that does not come back within <see cref="MaximumWait"/> ends the process,
/// as a stack overflow does by itself: the input then lies in the file <see cref="Current"/>, into which each one is written before it is run.
/// </remarks>
internal sealed class InputRunner : IDisposable
{
    /// <summary>By the clock, for an input that does not come back at all; a busy machine must not make findings.</summary>
    public static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(20);

    private readonly FuzzTarget _target;
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _current;
    private readonly Timer _watch;
    private long _startedAt;

    /// <summary>Keeps the running input in a folder.</summary>
    public InputRunner(FuzzTarget target, string folder)
    {
        _target = target;
        Directory.CreateDirectory(folder);
        Current = Path.Combine(folder, $"{target.Name}.current");
        _file = MemoryMappedFile.CreateFromFile(Current, FileMode.Create, null, sizeof(int) + Math.Max(target.MaximumLength, 1 << 20));
        _current = _file.CreateViewAccessor();
        _watch = new Timer(_ => Watch(), null, MaximumWait / 20, MaximumWait / 20);
    }

    /// <summary>The file that holds the length and the bytes of the input that is running.</summary>
    public string Current { get; }

    /// <summary>How many inputs have been run.</summary>
    public long Runs { get; private set; }

    /// <summary>Runs one input; what it threw, or which limit it broke, or null.</summary>
    public Exception? Run(byte[] input)
    {
        _current.Write(0, input.Length);
        _current.WriteArray(sizeof(int), input, 0, input.Length);
        var (exception, time, bytes) = Measure(input);
        Runs++;
        if (exception is not null || (time <= _target.MaximumTime && bytes <= _target.MaximumAllocation)) { return exception; }
        // The first run of a way through the code pays for its compilation; and on a busy machine the clock counts what others do.
        var used = Environment.CpuUsage.TotalTime;
        (exception, _, bytes) = Measure(input);
        time = Environment.CpuUsage.TotalTime - used;
        if (time > _target.MaximumTime)
        {
            return new FuzzFindingException($"{input.Length} bytes take {time.TotalSeconds:0.0} s (allowed: {_target.MaximumTime.TotalSeconds:0.0} s)");
        }
        return bytes > _target.MaximumAllocation
            ? new FuzzFindingException($"{input.Length} bytes allocate {bytes:N0} bytes (allowed: {_target.MaximumAllocation:N0})")
            : exception;
    }

    public void Dispose()
    {
        _watch.Dispose();
        _current.Dispose();
        _file.Dispose();
        File.Delete(Current);
    }

    private (Exception? Exception, TimeSpan Time, long Bytes) Measure(byte[] input)
    {
        var (allocated, start) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        Volatile.Write(ref _startedAt, start);
        Exception? exception = null;
        try { _target.Check(input); }
        catch (Exception finding) { exception = finding; }
        Volatile.Write(ref _startedAt, 0);
        return (exception, Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - allocated);
    }

    private void Watch()
    {
        var start = Volatile.Read(ref _startedAt);
        if (start == 0 || Stopwatch.GetElapsedTime(start) < MaximumWait) { return; }
        Console.Error.WriteLine($"{_target.Name}: an input does not end within {MaximumWait.TotalSeconds:0} s; it lies in {Current} (behind four bytes of length)");
        Environment.Exit(1);
    }
}
