namespace Firstbyte.Telling.Sentences.English;

internal class EnglishLabels : ILabels
{
    public string Lab => "Lab";

    public string Url => "URL";

    public string Request => "Request";

    public string Proxy => "Proxy";

    public string Name => "Name";

    public string Socket => "Socket";

    public string Inside => "Inside";

    public string Tls => "TLS";

    public string Tcp => "TCP";

    public string News => "News";

    public string Mail => "Mail";

    public string File => "File";

    public string Write => "Write";

    public string Read => "Read";

    public string End => "End";

    public string Close => "Close";

    public string Link => "Link";

    public string Query => "Query";

    public string Response => "Response";

    public string Accept => "Accept";

    public string Zone => "Zone";

    public string Cache => "Cache";

    public string Doctor => "Doctor";

    public string Look => "Look";

    public string Error => "Error";

    public string Warning => "Warning";

    public string Note => "Note";
}
