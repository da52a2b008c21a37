using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Where a command was to work and cannot: labs, their machines, network devices, probes.</summary>
public interface IPlaceSentences
{
    Phrase NearlyNamed(string? near);

    /// <summary>A host is named whose calls are to be shown, and there is no lab in which it could be.</summary>
    Phrase CallsOfOtherHost(string host);

    Phrase TwoPlaces { get; }

    /// <summary>Two options both want standard output.</summary>
    Phrase OneOnOutput(string first, string second);

    Phrase CaptureWantsFrames { get; }

    /// <summary>A seed was given where there is no world to be made of it.</summary>
    Phrase SeedWantsWorld { get; }

    /// <summary>An option says something about a capture that nobody asked for.</summary>
    Phrase NoCaptureFor(string option);

    /// <summary>The file holds a lab as a program is told of it.</summary>
    Phrase LabIsJson(string file);

    Phrase NoLab(string name, string? near, IEnumerable<string> labs);

    Phrase NoMachine(string name, string? near, string hint);

    Phrase NoLink(string name, string? near, string hint);

    Phrase RouterRunsNothing(string name);

    /// <summary>A program was to run on a machine that is switched off: who is at fault, and the cure.</summary>
    Phrase NoPower(string machine, bool isPrompt);

    Phrase NoResolver(string machine, IReadOnlyList<string> others);

    Phrase NoTranslator(string machine, IReadOnlyList<string> others);

    // Probes.
    Phrase NoProbes { get; }

    Phrase ProbesForbidden { get; }

    Phrase NoProbeSocket(IpVersion version, Errno error);

    Phrase OtherVersion(string target, IpVersion version);

    Phrase NoAddressOf(string target, IpVersion version);

    Phrase NeitherAddressNorName(string target);

    Phrase RouterResolvesNothing(string host);

    Phrase Unresolved(string target, string command);

    Phrase UnresolvedAt(string target, string host, string? near, string command);

    // Network devices.
    Phrase TunNeedsLinux { get; }

    Phrase TunFailed(string device, Errno error);

    Phrase NoDevice(string device);

    Phrase DeviceIsDown(string device);

    Phrase DeviceWithoutAddress(string device);

    Phrase AddressIsTaken(IpAddress address, string device, IpPrefix prefix);

    Phrase GatewayElsewhere(IpAddress gateway, string subnets);

    Phrase TunNeedsRoot(string device);

    Phrase CannotAttach(string device, Errno error);

    Phrase ResolverOutOfReach(IpAddress server, string device);

    Phrase InTun(Phrase complaint);

    Phrase NoDeviceName(string text);

    Phrase NoTunAddress(string text);

    Phrase NoTunGateway(string text);

    Phrase NoTunShare(string key, string text);

    Phrase NoTunSeed(string text);

    Phrase NoTunKey(string key);
}
