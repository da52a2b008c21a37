using Microsoft.Extensions.Logging;

namespace Firstbyte.Host.Serving;

/// <summary>What the server of HTTP logs, as far as the program is at fault: everything else is a client's business, or told by the program itself.</summary>
internal sealed class FailureLog(Action<Exception> failed) : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel) && exception is not null) { failed(exception); }
    }

    public void Dispose() { /* It holds nothing. */ }
}
