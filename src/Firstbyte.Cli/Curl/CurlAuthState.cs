using Firstbyte.Http.Authentication;

namespace Firstbyte.Cli.Curl;

/// <summary>How far showing a password has come, to one side (libcurl: struct auth).</summary>
internal sealed class CurlAuthState
{
    public CurlAuth Want { get; set; }

    public CurlAuth Picked { get; set; }

    public CurlAuth Available { get; set; }

    public bool Done { get; set; }

    public bool MultiPass { get; set; }

    public DigestChallenge? Digest { get; set; }

    public int Count { get; set; }

    public bool HasFailed { get; set; }

    /// <summary>Chooses the best of what is wanted and offered.</summary>
    public bool Pick()
    {
        var usable = Want & Available;
        Available = CurlAuth.None;
        Picked = usable.HasFlag(CurlAuth.Bearer) ? CurlAuth.Bearer
            : usable.HasFlag(CurlAuth.Digest) ? CurlAuth.Digest
            : usable.HasFlag(CurlAuth.Basic) ? CurlAuth.Basic : CurlAuth.None;
        return Picked != CurlAuth.None;
    }
}
