namespace Firstbyte.Labs;

/// <summary>
/// How much a lab's file may ask for. A file may come from anybody: reading it must end, and building it must not fill the memory. All are
/// own choices, far above what a person writes.
/// </summary>
public static class LabLimits
{
    /// <summary>Characters of the file itself.</summary>
    public const int FileLength = 1 << 20;

    /// <summary>Bytes of a file that it names.</summary>
    public const int ContentLength = 16 << 20;

    /// <summary>Languages in which it says its title.</summary>
    public const int Titles = 100;

    /// <summary>Hosts and routers together.</summary>
    public const int Nodes = 1_000;

    /// <summary>Subnets.</summary>
    public const int Subnets = 1_000;

    /// <summary>Further hubs and switches of one subnet.</summary>
    public const int Boxes = 64;

    /// <summary>Routes by hand of one host or router.</summary>
    public const int Routes = 1_000;

    /// <summary>The least MTU that a link may have: that of IPv4 (RFC 791 section 3.2).</summary>
    public const int ShortestMtu = 68;

    /// <summary>The greatest MTU that a link may have: the longest IPv4 packet.</summary>
    public const int LongestMtu = 65_535;

    /// <summary>Trust anchors of one resolver.</summary>
    public const int Trusted = 64;

    /// <summary>Plugs of one host or router.</summary>
    public const int Plugs = 64;

    /// <summary>Addresses of one plug.</summary>
    public const int Addresses = 64;

    /// <summary>Answers a second that an attacker may forge: a link of 1 Gbit/s carries about as many.</summary>
    public const long ForgedAnswers = 1_000_000;

    /// <summary>Services of one host.</summary>
    public const int Services = 64;

    /// <summary>Statements about links, and things that happen.</summary>
    public const int Statements = 10_000;

    /// <summary>Changes in the world of names: each is tried on the whole zone when the file is read.</summary>
    public const int NameChanges = 200;

    /// <summary>The longest time that can be written, in nanoseconds: a year.</summary>
    public const long Nanoseconds = 31_536_000_000_000_000;
}
