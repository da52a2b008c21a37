using Firstbyte.Hosts;

namespace Firstbyte.Web.Viewing;

/// <summary>A fault that holds.</summary>
/// <param name="Since">The event at which it began.</param>
/// <param name="Change">Its kind and place.</param>
/// <param name="Words">How it was asked for, in the words of a lab's file; its kind and place where it was not by hand.</param>
public sealed record HeldFault(int Since, FaultChanged Change, string Words);
