using Firstbyte.Cli;
using Firstbyte.Cli.Io;

using var io = CommandIo.OfProcess();
var exitCode = Application.Run(TypedArguments.Of(args), io);
io.Signals.EndAs(exitCode);
return exitCode;
