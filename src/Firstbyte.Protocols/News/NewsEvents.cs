using Firstbyte.Tracing;

namespace Firstbyte.News;

/// <summary>Which news server is asked, where the URL does not say it.</summary>
/// <param name="Host">The server.</param>
/// <param name="Port">Its port.</param>
/// <param name="From">Who said so: an option, the variable NNTPSERVER, or a file.</param>
public sealed record NewsServerChosen(string Host, int Port, string From) : TraceEvent;

/// <summary>A command went out on an NNTP connection.</summary>
/// <param name="Verb">The command.</param>
/// <param name="Argument">What follows it; covered where it is a secret.</param>
public sealed record NntpCommandSent(string Verb, string Argument) : TraceEvent;

/// <summary>A status line came on an NNTP connection.</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Text">What stands behind them.</param>
/// <param name="ElapsedNanoseconds">Since the command went out.</param>
public sealed record NntpReplyReceived(int Code, string Text, long ElapsedNanoseconds) : TraceEvent;

/// <summary>A block came on an NNTP connection.</summary>
/// <param name="Content">What it is.</param>
/// <param name="Lines">How many lines.</param>
/// <param name="Bytes">How many bytes, with line ends, doubled dots taken off.</param>
public sealed record NntpBlockReceived(NntpBlock Content, int Lines, long Bytes) : TraceEvent;

/// <summary>An article went out on an NNTP connection.</summary>
/// <param name="Bytes">Its bytes, with the dots that were doubled and the one that ends it.</param>
public sealed record NewsArticleSent(long Bytes) : TraceEvent;
