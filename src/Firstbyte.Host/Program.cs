using System.Runtime.InteropServices;
using System.Text;
using Firstbyte.Host;
using Firstbyte.Host.Settings;

// Exit codes after a signal, as shells count them: 128 + its number.
const int interrupted = 130, terminated = 143, hungUp = 129;

using var stopping = new CancellationTokenSource();
using var reloading = new ReloadSignal();
var stoppedBy = 0;
void Stop(PosixSignalContext context, int code)
{
    // The second one ends the process at once.
    if (Interlocked.CompareExchange(ref stoppedBy, code, 0) != 0) { return; }
    context.Cancel = true;
    stopping.Cancel();
}
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, interrupted));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, terminated));
// A server without files to read again has nothing to do when its terminal goes, but to end.
using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
{
    if (reloading.Raise()) { context.Cancel = true; }
    else { Stop(context, hungUp); }
});
await using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
await using var errors = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\n" };
var exitCode = await HostProgram.RunAsync(args, Environment.GetEnvironmentVariable, output, errors, reloading, stopping.Token);
return Volatile.Read(ref stoppedBy) is > 0 and var signalled && exitCode == 0 ? signalled : exitCode;
