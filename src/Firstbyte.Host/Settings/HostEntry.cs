using Firstbyte.Telling.Sentences;

namespace Firstbyte.Host.Settings;

/// <summary>An option of the command line.</summary>
/// <param name="Name">How it is spelt.</param>
/// <param name="Value">What it takes; null for a switch.</param>
/// <param name="Words">What it is for.</param>
/// <param name="Apply">The settings with it; null when the value is none.</param>
internal sealed record HostEntry(string Name, string? Value, Func<Language, string> Words, Func<HostSettings, string, HostSettings?> Apply)
{
    /// <summary>One of this program alone.</summary>
    public HostEntry(HostOption option, string name, string? value, Func<HostSettings, string, HostSettings?> apply)
        : this(name, value, language => language.Host.Option(option), apply) => Option = option;

    /// <summary>Which of this program's it is; null for one that is <c>firstbyte serve resolver</c>'s as well.</summary>
    public HostOption? Option { get; }

    /// <summary>Its line of the help.</summary>
    public string Spelling => Value is null ? Name : $"{Name} {Value}";
}
