using Firstbyte.Cli;
using Firstbyte.Cli.Io;

using var io = CommandIo.OfProcess();
return Application.Run(args, io);
