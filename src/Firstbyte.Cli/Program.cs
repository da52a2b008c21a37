using Firstbyte.Cli;

return args is ["--version"] or ["-V"] ? Application.PrintVersion() : Application.Run(args);
