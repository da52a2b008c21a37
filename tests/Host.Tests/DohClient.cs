using System.Net.Http.Headers;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Host;

/// <summary>Asks one question over HTTPS's form of DNS.</summary>
internal static class DohClient
{
    /// <summary>The address of the answer, or how many records it has, or its code.</summary>
    public static async Task<string> AskAsync(HttpClient client, string at, string name, ushort type = 1)
    {
        var bytes = new byte[512];
        var writer = new MessageWriter(bytes);
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Parse(name), new RecordType(type))));
        var length = writer.Finish(0, HeaderFlags.RecursionDesired, OpCode.Query, ResponseCode.NoError);
        using var content = new ByteArrayContent(bytes[..length]) { Headers = { ContentType = new MediaTypeHeaderValue("application/dns-message") } };
        using var response = await client.PostAsync(at, content);
        Assert.True(DnsMessage.TryParse(await response.Content.ReadAsByteArrayAsync(), out var message, out _));
        return message.ResponseCode != ResponseCode.NoError ? $"{message.ResponseCode}"
            : message.Answers is [{ Data: AddressData { Address: var address } }] ? $"{address}"
            : $"{message.Answers.Count} records";
    }
}
