namespace Firstbyte.Fuzz.Running;

/// <summary>All targets: the classes of this assembly that derive from <see cref="FuzzTarget"/>.</summary>
internal static class TargetRegistry
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        .. typeof(TargetRegistry).Assembly.GetTypes()
            .Where(static type => type.IsSubclassOf(typeof(FuzzTarget)) && !type.IsAbstract)
            .Select(static type => (FuzzTarget)Activator.CreateInstance(type)!)
            .OrderBy(static target => target.Name, StringComparer.Ordinal),
    ];

    /// <summary>The targets of these names; all when there are none. Null when a name is unknown.</summary>
    public static IReadOnlyList<FuzzTarget>? Named(IReadOnlyList<string> names)
    {
        if (names.Count == 0) { return All; }
        var targets = names.Select(static name => All.FirstOrDefault(target => target.Name == name)).OfType<FuzzTarget>().ToList();
        return targets.Count == names.Count ? targets : null;
    }
}
