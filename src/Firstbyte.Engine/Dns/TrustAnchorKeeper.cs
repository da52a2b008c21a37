using System.Text;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Validating;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>
/// Follows the keys of a zone that a resolver believes without a parent: asks for them, keeps what is known of them in a file, and has them believed.
/// </summary>
/// <remarks>
/// <see cref="ManagedAnchor"/> knows the rules. Each question's outcome is written before the next one is asked, into a new file that takes the old one's
/// place whole; what cannot be written is known here alone, and is told. The clock may be set: that a question is due is looked for each hour.
/// </remarks>
public sealed class TrustAnchorKeeper
{
    /// <summary>How often another server is asked where what one says does not hold. As for any answer: one of several may be stale, or a liar.</summary>
    private const int Tries = 1 + ResolutionLimits.RepeatsForSignatures;

    /// <summary>RFC 5011 section 2.3: nothing is asked for less often. A longer wait is that of a clock that was wrong.</summary>
    private const long LongestWait = 15 * 86_400;

    private static readonly TimeSpan s_look = TimeSpan.FromHours(1);
    private static readonly ResolutionOptions s_options = new() { Fresh = true, Unchecked = true, IsAbsolute = true };

    private readonly RecursiveResolver _resolver;
    private readonly INetwork _network;
    private readonly string _file;
    private readonly TraceSpan _span;

    /// <summary>Follows the keys of an anchor.</summary>
    /// <param name="resolver">Asks for them, and believes them: it begins with what the anchor has.</param>
    /// <param name="network">The clock and the files.</param>
    /// <param name="anchor">What is known of them.</param>
    /// <param name="file">Where it is kept.</param>
    /// <param name="span">Where changes are told.</param>
    public TrustAnchorKeeper(RecursiveResolver resolver, INetwork network, ManagedAnchor anchor, string file, TraceSpan span = default)
    {
        ArgumentNullException.ThrowIfNull(resolver);
        ArgumentNullException.ThrowIfNull(anchor);
        (_resolver, _network, Anchor, _file, _span) = (resolver, network, anchor, file, span);
        Believe(isRevoked: false);
    }

    /// <summary>What is known of the keys.</summary>
    public ManagedAnchor Anchor { get; }

    /// <summary>Writes the file anew.</summary>
    /// <exception cref="NetworkException">As the host says.</exception>
    public void Save()
    {
        using var writer = _network.Files.Create(_file);
        writer.Write(Encoding.UTF8.GetBytes(ManagedAnchorText.Write(Anchor)));
        writer.Complete();
    }

    /// <summary>Follows the keys until the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            while (!Anchor.IsDeleted)
            {
                if (Anchor.Times.NextProbe - Seconds() is > 0 and <= LongestWait and var wait)
                {
                    var pause = TimeSpan.FromSeconds(wait);
                    await Task.Delay(pause < s_look ? pause : s_look, _network.Time, cancellationToken);
                }
                else { await ProbeAsync(cancellationToken); }
            }
            // A zone without an anchor is nobody's to follow (RFC 5011 section 5).
            await Task.Delay(Timeout.InfiniteTimeSpan, _network.Time, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { /* That was the end. */ }
    }

    private async Task ProbeAsync(CancellationToken cancellationToken)
    {
        var changes = new List<ManagedKeyChange>();
        var trouble = AnchorTrouble.NoAnswer;
        for (var tries = 0; tries < Tries && trouble != AnchorTrouble.None; tries++)
        {
            var outcome = await _resolver.ResolveAsync(Anchor.Zone, RecordType.DNSKEY, s_options, default, cancellationToken);
            if (outcome is not ResolvedAnswer { Sets: [var set] } || set.Type != RecordType.DNSKEY)
            {
                Anchor.NoteFailure(Seconds());
                break;
            }
            trouble = Anchor.Take(set, Seconds(), SignatureVerifier.IsSigned, changes) ? AnchorTrouble.None : AnchorTrouble.NotSigned;
        }
        if (changes.Count > 0) { Believe(changes.Exists(static change => change.To == ManagedKeyState.Revoked)); }
        foreach (var (tag, from, to) in changes) { _span.Tell(new TrustAnchorChanged($"{Anchor.Zone}", tag, from, to)); }
        if (Anchor.IsDeleted) { trouble = AnchorTrouble.AllRevoked; }
        if (trouble != AnchorTrouble.None) { _span.Tell(new TrustAnchorInTrouble($"{Anchor.Zone}", trouble)); }
        try { Save(); }
        catch (NetworkException failure)
        {
            _span.Tell(new TrustAnchorInTrouble($"{Anchor.Zone}", AnchorTrouble.NotWritten) { File = _file, Error = failure.Error });
        }
    }

    /// <summary>What a key has signed that was taken back is not to be given out any more.</summary>
    private void Believe(bool isRevoked) => _resolver.Believe(TrustAnchors.From(Anchor.Believed), forgets: isRevoked);

    private long Seconds() => NetworkClock.Now(_network).Nanoseconds / 1_000_000_000;
}

/// <summary>A key of a zone that is followed came into another state.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="KeyTag">The key's number.</param>
/// <param name="From">Its state before.</param>
/// <param name="To">Its state now.</param>
public sealed record TrustAnchorChanged(string Zone, int KeyTag, ManagedKeyState From, ManagedKeyState To) : TraceEvent;

/// <summary>What is in the way of following a zone's keys.</summary>
public enum AnchorTrouble
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Nobody says which keys the zone has.</summary>
    NoAnswer,

    /// <summary>What is said is not signed by a key that is believed.</summary>
    NotSigned,

    /// <summary>All keys have been taken back.</summary>
    AllRevoked,

    /// <summary>What is known cannot be written.</summary>
    NotWritten,
}

/// <summary>The keys of a zone could not be followed.</summary>
/// <param name="Zone">The zone.</param>
/// <param name="Trouble">What was in the way.</param>
public sealed record TrustAnchorInTrouble(string Zone, AnchorTrouble Trouble) : TraceEvent
{
    /// <summary>The file that cannot be written; empty where it is not about one.</summary>
    public string File { get; init; } = "";

    /// <summary>Why it cannot.</summary>
    public Errno? Error { get; init; }
}
