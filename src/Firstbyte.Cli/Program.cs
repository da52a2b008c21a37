using System.CommandLine;
var urls = new Argument<string[]>("url");
var body = new Option<bool>("--body");
var lab = new Option<string?>("--lab") { Arity = ArgumentArity.ZeroOrOne };
var root = new RootCommand("x") { urls, body, lab };
if (args.Length > 0 && args[0] == "none") { Console.Out.WriteLine("hi"); return 0; }
root.SetAction(r => { Console.WriteLine(string.Join(",", r.GetValue(urls)!) + r.GetValue(body) + "|" + r.GetValue(lab)); return 0; });
return root.Parse(args).Invoke();
