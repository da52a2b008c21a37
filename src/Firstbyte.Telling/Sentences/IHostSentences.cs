using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What <c>firstbyte-host</c> says of itself: its help, its complaints, and what it tells whoever it refuses.</summary>
public interface IHostSentences
{
    /// <summary>What the program is for.</summary>
    string Summary { get; }

    string OptionsHead { get; }

    /// <summary>What an option is for.</summary>
    string Option(HostOption option);

    /// <summary>Where the page can be opened; scripts wait for this line.</summary>
    Phrase PageAt(string url);

    /// <summary>Where DNS over HTTPS is spoken.</summary>
    Phrase DohAt(string url);

    /// <summary>Others than this machine can reach the page: what that changes.</summary>
    Phrase OpenToOthers { get; }

    /// <summary>DNS over HTTPS without TLS is for a proxy that has it.</summary>
    Phrase DohWithoutTls { get; }

    Phrase UnknownOption(string text);

    Phrase ValueMissing(string option);

    Phrase ValueRefused(string option, string value);

    /// <summary>An option that means nothing without another one.</summary>
    Phrase Wants(string option, string other);

    /// <summary>What resolvers share is too short to keep others out.</summary>
    Phrase SecretTooShort(string file, int least);

    Phrase TwoAnswerers { get; }

    Phrase NothingToServe { get; }

    /// <summary>The certificate was read again and is not what it was; the old one is shown on.</summary>
    Phrase CertificateKept(Phrase reason);

    /// <summary>Why a request is refused; read by people in a browser.</summary>
    string Refusal(HostRefusal reason);
}
