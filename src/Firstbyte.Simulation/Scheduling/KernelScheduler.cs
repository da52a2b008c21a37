using System.Runtime.CompilerServices;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>Runs the world's tasks in the pump, one at a time, in the order in which they became ready.</summary>
internal sealed class KernelScheduler(Kernel kernel) : TaskScheduler
{
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs a queued task; called by the pump only.</summary>
    public void Execute(Task task) => TryExecuteTask(task);

    /// <remarks>Never throws: the thread that completed a foreign source would die of it. The task is dropped, and the count ends the run.</remarks>
    protected override void QueueTask(Task task)
    {
        if (kernel.IsInside) { kernel.QueueTask(task); }
        else { kernel.CountForeign("task"); }
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        !taskWasPreviouslyQueued && kernel.IsInside && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}

/// <summary>A continuation or a task that can run now.</summary>
internal readonly record struct ReadyItem(Action<object?>? Continuation, object? State, ExecutionContext? Context, bool Outside)
{
    public void Invoke()
    {
        if (Context is null) { Continuation!(State); }
        else
        {
            ExecutionContext.Run(
                Context, static item =>
                    { var (continuation, state) = (((Action<object?>, object?))item!); continuation(state); }, (Continuation!, State));
        }
    }
}

/// <summary>First in, first out: a ring that grows and never shrinks.</summary>
internal sealed class ReadyQueue
{
    private ReadyItem[] _items = new ReadyItem[64];
    private int _head;
    private int _count;

    public void Add(in ReadyItem item)
    {
        if (_count == _items.Length) { Grow(); }
        _items[(_head + _count++) & (_items.Length - 1)] = item;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out ReadyItem item)
    {
        if (_count == 0)
        {
            item = default;
            return false;
        }
        item = _items[_head];
        _items[_head] = default;
        _head = (_head + 1) & (_items.Length - 1);
        _count--;
        return true;
    }

    private void Grow()
    {
        var grown = new ReadyItem[_items.Length * 2];
        for (var i = 0; i < _count; i++) { grown[i] = _items[(_head + i) & (_items.Length - 1)]; }
        _items = grown;
        _head = 0;
    }
}
