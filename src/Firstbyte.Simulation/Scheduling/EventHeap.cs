using System.Runtime.CompilerServices;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>A few things that are to happen, first come first: a heap of four branches, ordered by (time, sequence number).</summary>
/// <remarks>
/// What is moved about are keys without references, so that the collector has nothing to mark; the targets stay where they were put.
/// The keys behind the last one name the places that are free.
/// <para>
/// What is added before everything else stands apart from the heap until it is taken or something comes before it: a world often does next
/// what it has just decided (a timer set anew, a frame on a short cable), and that then costs a comparison and not a way up and down the heap.
/// </para>
/// </remarks>
internal sealed class EventHeap
{
    private Key[] _keys = [];
    private object?[] _targets = [];
    private long[] _arguments = [];
    private EventEntry _apart;
    private bool _isApart;
    private int _count;

    public EventHeap() => Grow(64);

    public int Count => _isApart ? _count + 1 : _count;

    public long FirstAt => _isApart ? _apart.At : _keys[0].At;

    public ulong FirstSequence => _isApart ? _apart.Sequence : _keys[0].Sequence;

    public object FirstTarget => _isApart ? _apart.Target : _targets[_keys[0].Place]!;

    /// <summary>The time of one of its things, in no order; all of them are numbered after <see cref="Join"/>.</summary>
    public long AtOf(int index) => _keys[index].At;

    public void Add(in EventEntry entry)
    {
        if (_isApart)
        {
            if (!Precedes(entry, _apart.At, _apart.Sequence)) { Push(entry); return; }
            Push(_apart);
            _apart = entry;
        }
        else if (_count > 0 && !Precedes(entry, _keys[0].At, _keys[0].Sequence)) { Push(entry); }
        else { (_apart, _isApart) = (entry, true); }
    }

    /// <summary>Puts what stands apart into the heap, so that every thing has a number below <see cref="Count"/>.</summary>
    public void Join()
    {
        if (!_isApart) { return; }
        Push(_apart);
        (_apart, _isApart) = (default, false);
    }

    /// <summary>Adds a thing out of order, until <see cref="Order"/>.</summary>
    public void Append(in EventEntry entry)
    {
        if (_count == _keys.Length) { Grow(_count * 2); }
        ref var key = ref _keys[_count++];
        (key.At, key.Sequence) = (entry.At, entry.Sequence);
        _targets[key.Place] = entry.Target;
        _arguments[key.Place] = entry.Argument;
    }

    /// <summary>Takes out what comes first.</summary>
    public EventEntry Take()
    {
        if (_isApart)
        {
            // What it refers to is kept until the next thing stands there: clearing it would cost as much as all the rest.
            _isApart = false;
            return _apart;
        }
        var first = TakeAt(0);
        if (_count > 0) { Sink(0); }
        return first;
    }

    /// <summary>Takes out any thing and puts the last one in its place, out of order until <see cref="Order"/>.</summary>
    public EventEntry TakeAt(int index)
    {
        var key = _keys[index];
        var taken = new EventEntry(key.At, key.Sequence, _targets[key.Place]!, _arguments[key.Place]);
        _targets[key.Place] = null;
        _keys[index] = _keys[--_count];
        _keys[_count].Place = key.Place;
        return taken;
    }

    /// <summary>One of its things, in no order.</summary>
    public EventEntry this[int index] => new(_keys[index].At, _keys[index].Sequence, _targets[_keys[index].Place]!, _arguments[_keys[index].Place]);

    /// <summary>Puts everything in order.</summary>
    public void Order()
    {
        for (var i = (_count - 2) >> 2; i >= 0; i--) { Sink(i); }
    }

    private void Push(in EventEntry entry)
    {
        Append(entry);
        Rise(_count - 1);
    }

    private void Grow(int capacity)
    {
        var old = _keys.Length;
        Array.Resize(ref _keys, capacity);
        Array.Resize(ref _targets, capacity);
        Array.Resize(ref _arguments, capacity);
        for (var i = old; i < capacity; i++) { _keys[i].Place = i; }
    }

    private void Rise(int index)
    {
        var keys = _keys;
        var key = keys[index];
        while (index > 0)
        {
            var parent = (index - 1) >> 2;
            if (!Precedes(key, keys[parent])) { break; }
            keys[index] = keys[parent];
            index = parent;
        }
        keys[index] = key;
    }

    private void Sink(int index)
    {
        var keys = _keys.AsSpan(0, _count);
        var key = keys[index];
        while (true)
        {
            var child = (index << 2) + 1;
            if (child >= keys.Length) { break; }
            var least = child;
            var end = Math.Min(child + 4, keys.Length);
            for (var i = child + 1; i < end; i++)
            {
                if (Precedes(keys[i], keys[least])) { least = i; }
            }
            if (!Precedes(keys[least], key)) { break; }
            keys[index] = keys[least];
            index = least;
        }
        keys[index] = key;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Precedes(in Key left, in Key right) => left.At != right.At ? left.At < right.At : left.Sequence < right.Sequence;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Precedes(in EventEntry entry, long at, ulong sequence) => entry.At != at ? entry.At < at : entry.Sequence < sequence;

    private struct Key
    {
        public long At;
        public ulong Sequence;
        public int Place;
    }
}
