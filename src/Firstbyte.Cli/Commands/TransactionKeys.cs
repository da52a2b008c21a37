using Firstbyte.Cli.Io;
using Firstbyte.Dns.Transactions;

namespace Firstbyte.Cli.Commands;

/// <summary>The keys by which servers know each other, from the files that were named.</summary>
internal static class TransactionKeys
{
    /// <summary>Reads every file.</summary>
    /// <exception cref="UsageException">One holds no keys, or a key of a name that another one has too; no word of a file is shown.</exception>
    /// <exception cref="FileException">One cannot be read.</exception>
    public static TsigKeyring Read(CommandIo io, IReadOnlyList<Said> files, bool allowsMd5)
    {
        var keys = new List<TsigKey>();
        foreach (var (file, _) in files)
        {
            if (!TsigKeyFile.TryRead(io.ReadText(file), out var read, out var fault, allowsMd5))
            {
                throw new UsageException(io.Language.Changes.NoTsigKeys(file, fault));
            }
            foreach (var key in read)
            {
                if (keys.Exists(other => other.Name == key.Name)) { throw new UsageException(io.Language.Changes.TsigKeyTwice(file, $"{key.Name}")); }
                keys.Add(key);
            }
        }
        return new TsigKeyring(keys);
    }
}
