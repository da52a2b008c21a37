namespace Firstbyte.Cli.Drawing;

/// <summary>What <c>firstbyte sim</c> prints.</summary>
internal enum SimOutput
{
    Text,
    Json,
    Hashes,
}
