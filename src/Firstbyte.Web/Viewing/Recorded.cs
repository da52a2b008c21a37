namespace Firstbyte.Web.Viewing;

/// <summary>Looks into lists that grow with a run: their items are in the order of the events they belong to.</summary>
public static class Recorded
{
    /// <summary>How many of the items belong to events up to this one.</summary>
    public static int CountUpTo<T>(this IReadOnlyList<T> items, int number, Func<T, int> numberOf)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(numberOf);
        var (low, high) = (0, items.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (numberOf(items[middle]) <= number) { low = middle + 1; }
            else { high = middle; }
        }
        return low;
    }
}
