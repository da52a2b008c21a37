namespace Firstbyte.Telling.Sentences;

/// <summary>The labels of a story's steps: one word each, at most nine columns wide.</summary>
public interface ILabels
{
    string Lab { get; }

    string Url { get; }

    string Request { get; }

    string Proxy { get; }

    string Name { get; }

    string Socket { get; }

    string Inside { get; }

    string Tls { get; }

    string Tcp { get; }

    string News { get; }

    string Mail { get; }

    string File { get; }

    string Write { get; }

    string Read { get; }

    /// <summary>The end of what the peer sends.</summary>
    string End { get; }

    string Close { get; }

    string Link { get; }

    string Query { get; }

    string Response { get; }

    string Accept { get; }

    string Zone { get; }

    string Cache { get; }

    string Doctor { get; }

    string Look { get; }

    string Error { get; }

    string Warning { get; }

    string Note { get; }
}
