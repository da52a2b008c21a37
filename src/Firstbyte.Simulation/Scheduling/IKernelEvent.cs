namespace Firstbyte.Simulation.Scheduling;

/// <summary>Something that can happen at an instant.</summary>
public interface IKernelEvent
{
    /// <summary>Happens. Called by the pump; may complete only the kernel's own sources.</summary>
    /// <param name="argument">What was given when it was scheduled.</param>
    void Fire(long argument);
}
