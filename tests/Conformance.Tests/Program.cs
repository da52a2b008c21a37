using Firstbyte.Tests.Conformance.Dns;

// "scenarios FOLDER" plays every .rpl file of a folder; everything else goes to the test runner.
if (args is ["scenarios", var folder]) { return ScenarioFolder.Play(folder, Console.Out); }
return args.Any(static argument => argument is "--server" or "--internal-msbuild-node")
    ? await Xunit.MicrosoftTestingPlatform.TestPlatformTestFramework.RunAsync(args, Firstbyte.SelfRegisteredExtensions.AddSelfRegisteredExtensions)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
