using System.Text;

namespace Firstbyte.Cli.Curl;

/// <content>URLs, and where what they give goes.</content>
internal sealed partial class CurlLine
{
    public void AddUrl(string url)
    {
        var node = NodeFor(Task.NextUrl, static node => node.IsUrlSet);
        Task.NextUrl = Task.Nodes.IndexOf(node) + 1;
        (node.Url, node.IsUrlSet) = (url, true);
        if (Task.RemoteNameAll && !node.IsOutputSet) { node.UsesRemoteName = true; }
    }

    public void AddUrls(string text)
    {
        if (text.Length == 0 || text[0] != '@')
        {
            AddUrl(text);
            return;
        }
        // A file of URLs, each of which goes to a file of its own name.
        var bytes = around.ReadFile(text[1..]) ?? throw Fault("--url", "error encountered when reading a file", CurlCode.ReadError);
        foreach (var one in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            var line = one.Trim();
            if (line.Length == 0 || line[0] == '#') { continue; }
            AddUrl(line);
            Task.Nodes[Task.NextUrl - 1].UsesRemoteName = true;
        }
    }

    public void AddOutput(string name)
    {
        var node = NodeFor(Task.NextOutput, static node => node.IsOutputSet);
        Task.NextOutput = Task.Nodes.IndexOf(node) + 1;
        (node.Output, node.IsOutputSet, node.UsesRemoteName) = (name, true, false);
    }

    public void DiscardOutput()
    {
        var node = NodeFor(Task.NextOutput, static node => node.IsOutputSet);
        Task.NextOutput = Task.Nodes.IndexOf(node) + 1;
        (node.IsOutputSet, node.DiscardsOutput) = (true, true);
    }

    public void AddRemoteName(bool on)
    {
        var node = NodeFor(Task.NextOutput, static node => node.IsOutputSet);
        Task.NextOutput = Task.Nodes.IndexOf(node) + 1;
        (node.Output, node.IsOutputSet, node.UsesRemoteName) = (null, true, on);
    }

    public void AddUpload(string name)
    {
        var node = NodeFor(Task.NextUpload, static node => node.IsUploadSet);
        Task.NextUpload = Task.Nodes.IndexOf(node) + 1;
        (node.Upload, node.IsUploadSet) = (name.Length > 0 ? name : null, true);
    }

    private CurlNode NodeFor(int from, Func<CurlNode, bool> isTaken)
    {
        for (var i = from; i < Task.Nodes.Count; i++)
        {
            if (!isTaken(Task.Nodes[i])) { return Task.Nodes[i]; }
        }
        var node = new CurlNode();
        Task.Nodes.Add(node);
        return node;
    }
}
