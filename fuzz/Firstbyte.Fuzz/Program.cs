return Firstbyte.Fuzz.Running.FuzzCommands.Run(args);
