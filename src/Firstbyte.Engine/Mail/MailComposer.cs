using Firstbyte.Sockets;
using MimeKit;
using MimeKit.Text;

namespace Firstbyte.Mail;

/// <summary>
/// Writes the message that a mailto: URL asks for (RFC 5322, 2045, 6532), by MimeKit; date and identifier come from the host's clock and randomness.
/// </summary>
internal sealed class MailComposer : IDisposable
{
    // RFC 5322 3.6.4: an identifier is unique in the world; half of these bytes would do.
    private const int IdentifierBytes = 16;

    private readonly MimeMessage _message;
    private readonly TextPart _text;
    private readonly bool _isInternational;
    private byte[]? _sevenBit;
    private byte[]? _eightBit;

    public MailComposer(MailtoUrl url, MailAddress? sender, INetwork network)
    {
        _message = new MimeMessage();
        // MimeKit sets what it would have to ask the machine for; here it is asked of the network.
        _message.Headers.Clear();
        if (sender is not null) { _message.From.Add(Mailbox(sender)); }
        foreach (var one in url.To) { _message.To.Add(Mailbox(one)); }
        foreach (var one in url.Cc) { _message.Cc.Add(Mailbox(one)); }
        if (url.Subject is { } subject) { _message.Subject = subject; }
        if (url.InReplyTo is { } reply) { _message.Headers.Add(HeaderId.InReplyTo, reply); }
        _message.Date = new DateTimeOffset(network.Time.GetUtcNow().UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
        var identifier = new byte[IdentifierBytes];
        network.Random.Fill(identifier);
        // Of nobody's domain it may not be.
        var domain = sender is { Domain: [not '[', ..] } ? sender.Domain : "firstbyte.invalid";
        _message.MessageId = $"{Convert.ToHexStringLower(identifier)}@{domain}";
        _text = new TextPart(TextFormat.Plain) { Text = url.Body };
        _message.Body = _text;
        _isInternational = url.Recipients.Any(static one => one.NeedsUtf8) || sender is { NeedsUtf8: true };
    }

    /// <summary>The message in ASCII, whatever it says, unless an address has no form in it.</summary>
    public byte[] SevenBit => _sevenBit ??= Write(EncodingConstraint.SevenBit);

    /// <summary>The message with its text as it is (RFC 6152).</summary>
    public byte[] EightBit => _eightBit ??= Write(EncodingConstraint.EightBit);

    /// <summary>Whether the two are not the same.</summary>
    public bool HasEightBit => !SevenBit.AsSpan().SequenceEqual(EightBit);

    /// <inheritdoc/>
    public void Dispose()
    {
        _message.Dispose();
        _text.Dispose();
    }

    private static MailboxAddress Mailbox(MailAddress address) => new("", address.ToString());

    private byte[] Write(EncodingConstraint constraint)
    {
        _text.ContentTransferEncoding = ContentEncoding.Default;
        _message.Prepare(constraint);
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.EnsureNewLine = true;
        format.International = _isInternational;
        using var output = new MemoryStream();
        _message.WriteTo(format, output, CancellationToken.None);
        return output.ToArray();
    }
}
