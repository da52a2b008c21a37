using Firstbyte.Dns.Records;

namespace Firstbyte.Tests;

/// <summary>What was acknowledged is kept, whenever the server is killed.</summary>
public sealed class KilledServerTests : ChangedZone
{
    [Theory]
    [InlineData(8)]
    [InlineData(1000)]
    public async Task No_acknowledged_change_is_lost_when_the_server_is_killed(int kills)
    {
        if (kills > 8 && Environment.GetEnvironmentVariable("FIRSTBYTE_LONG_TESTS") != "1") { Assert.Skip("a thousand kills take half an hour: FIRSTBYTE_LONG_TESTS=1"); }
        using var folder = Folder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), "$TTL 60\n@ SOA ns mail 1 3600 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n");
        var random = new Random(kills);
        var (acknowledged, asked) = (0, 0);
        for (var kill = 0; kill <= kills; kill++)
        {
            string[] compacts = kill % 7 == 6 ? ["--compact"] : [];
            using var server = ServingCommand.StartProcess(folder.Path, ["--zone", "example.test=db", "--tsig-key", "keys", "--allow-update", "key=k", .. compacts]);
            // Every change that was acknowledged is there, and of the others at most the one that was under way.
            await UntilAsync(() => SerialAt(server.Port) is not null, () => server.Said);
            var serial = SerialAt(server.Port)!.Value;
            Assert.InRange(serial, (uint)acknowledged + 1, (uint)asked + 1);
            acknowledged = asked = (int)serial - 1;
            for (var i = 1; i <= acknowledged; i += Math.Max(1, acknowledged / 50)) { await UntilAsync(() => TextAt(server.Port, $"c{i}") == $"\"change {i}\"", () => $"change {i} of {acknowledged} is lost"); }
            if (acknowledged > 0) { await UntilAsync(() => TextAt(server.Port, $"c{acknowledged}") == $"\"change {acknowledged}\"", () => $"the last change, {acknowledged}, is lost"); }
            TestContext.Current.SendDiagnosticMessage($"{kill} kills, {acknowledged} changes");
            if (kill == kills)
            {
                server.Kill();
                break;
            }
            // Some are killed in the middle of their first change, the others of a later one.
            using var killing = new Timer(_ => server.Kill());
            if (kill % 4 == 0) { Arm(); }
            for (var change = 0; change < 10_000; change++)
            {
                asked++;
                if (TryUpdate(server.Port, Key, "example.test.", [($"c{asked}", $"TXT \"change {asked}\"", true)]) is not { } code) { break; }
                Assert.Equal(ResponseCode.NoError, code);
                acknowledged++;
                if (change == 0 && kill % 4 != 0) { Arm(); }
            }

            void Arm() => killing.Change(TimeSpan.FromMilliseconds(random.Next(1, 60)), Timeout.InfiniteTimeSpan);

            server.Kill();
        }
        Assert.True(acknowledged >= kills / 2, $"{acknowledged} changes were made before {kills} kills");
    }
}
