using Firstbyte.Urls;

namespace Firstbyte.Exports;

/// <summary>Which names of form, query and JSON members stand for secrets.</summary>
/// <remarks>A secret that is shown does harm, a harmless value that is covered costs a look with --show-secrets: in doubt a name counts.</remarks>
internal static class SecretNames
{
    /// <summary>Longer than any name that is known: what has to be remembered of a piece to know the names that the next one ends.</summary>
    public const int Longest = 96;

    // Whole names, or what stands last in them behind '_', '-', '.' or a bracket: "user[password]", "x-amz-signature", "client_secret".
    private static readonly string[] s_lastWords =
        ["password", "passwd", "pwd", "pass", "passphrase", "passcode", "secret", "token", "apikey", "auth", "authorization", "signature",
            "sig", "credential", "credentials", "jwt", "otp", "sid", "hmac", "tokens", "secrets", "apikeys", "assertion", "ticket", "sessid", "sessionid"];

    // Whoever names something so means it, whatever stands around it: "passwordConfirm", "PHPSESSID", "SAMLResponse".
    private static readonly string[] s_inside = ["password", "passwd", "passphrase", "sessionid", "phpsessid", "samlresponse", "samlrequest"];

    // Keys of interfaces in queries and forms; in JSON a "key" is mostly the name of something.
    private static readonly string[] s_queryNames = ["key", "pw", "subscription-key", "session-id", "pin"];

    // Harmless as a part of a longer name ("zip_code", "session_length"), secrets when they stand alone or in these words.
    private static readonly string[] s_whole =
        ["code", "session", "sessionid", "session_id", "api_key", "api-key", "access_key", "private_key", "secret_key",
            "x-amz-security-token", "accesstoken", "refreshtoken", "idtoken", "clientsecret", "newpassword", "oldpassword",
            "sharedaccesssignature"];

    // What begins like this was issued by a machine, however short it is. Prefixes as their issuers document them: GitHub, GitLab, Slack, Stripe,
    // npm, PyPI, Hugging Face, AWS, Google, DigitalOcean, SendGrid, OpenAI, Shopify, Docker, Linear, Netlify, Atlassian, Postman,
    // Notion, Figma, RubyGems.
    private static readonly string[] s_tokenPrefixes =
        ["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "gldt-", "xoxa-", "xoxb-", "xoxp-", "xoxr-", "sk_live_", "sk_test_",
            "rk_live_", "rk_test_", "npm_", "pypi-", "hf_", "AKIA", "ASIA", "AIza", "ya29.", "dop_v1_", "SG.",
            "sk-proj-", "sk-ant-", "shpat_", "dckr_pat_", "lin_api_", "glrt-", "glcbt-", "nfp_", "ATATT", "PMAK-", "ntn_", "figd_", "rubygems_"];

    // A token that stands where a user's name does: so long, with digits, and without what names of people have.
    private const int ShortestToken = 16;

    // No name of a person in one word is so long: it is a token, digits or not.
    private const int LongestName = 32;

    /// <summary>Whether a member of this name, percent-encoded or not, holds a secret.</summary>
    public static bool IsSecret(ReadOnlySpan<byte> name)
    {
        if (name.Length is 0 or > Longest) { return false; }
        Span<char> text = stackalloc char[name.Length];
        for (var i = 0; i < name.Length; i++) { text[i] = (char)name[i]; }
        return name.Contains((byte)'%') ? IsSecretText(System.Text.Encoding.Latin1.GetString(PercentDecoding.Decode(text))) : IsSecretText(text);
    }

    /// <summary>Whether a member of this name holds a secret in a query or form: there more names do than elsewhere.</summary>
    public static bool IsSecretInQuery(ReadOnlySpan<byte> name)
    {
        if (IsSecret(name)) { return true; }
        foreach (var known in s_queryNames)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(name, known)) { return true; }
        }
        return false;
    }

    /// <summary>The same for a name in JSON, where any letter may be written by its number: "pass\u0077ord" (RFC 8259 7).</summary>
    public static bool IsSecretInJson(ReadOnlySpan<byte> name)
    {
        if (!name.Contains((byte)'\\')) { return IsSecret(name); }
        var text = new System.Text.StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (i + 5 < name.Length && name[i] == '\\' && name[i + 1] == 'u' && System.Globalization.NumberStyles.AllowHexSpecifier is var hex
                && ushort.TryParse(name.Slice(i + 2, 4), hex, System.Globalization.CultureInfo.InvariantCulture, out var letter))
            {
                text.Append((char)letter);
                i += 5;
            }
            else { text.Append((char)name[i]); }
        }
        return IsSecretText(text.ToString());
    }

    /// <summary>Whether a user's name in a URL is rather a token.</summary>
    public static bool IsToken(ReadOnlySpan<char> user)
    {
        if (user.Contains('%')) { user = System.Text.Encoding.Latin1.GetString(PercentDecoding.Decode(user)); }
        foreach (var prefix in s_tokenPrefixes)
        {
            if (user.StartsWith(prefix, StringComparison.Ordinal) && user.Length > prefix.Length) { return true; }
        }
        // A JSON Web Token (RFC 7519): three parts in base64url, of which the first begins an object.
        if (user.StartsWith("eyJ", StringComparison.Ordinal) && user.Contains('.')) { return true; }
        return user.Length >= ShortestToken && user.IndexOfAny('@', '.') < 0
            && (user.IndexOfAnyInRange('0', '9') >= 0 || user.Length >= LongestName);
    }

    /// <summary>How many bytes say by which service a token was given out, where the bytes begin with one; 0 where they do not.</summary>
    public static int TokenPrefix(ReadOnlySpan<byte> data)
    {
        foreach (var prefix in s_tokenPrefixes)
        {
            if (data.Length > prefix.Length && data[0] == prefix[0] && System.Text.Ascii.Equals(data[..prefix.Length], prefix)) { return prefix.Length; }
        }
        return 0;
    }

    /// <inheritdoc cref="IsToken(ReadOnlySpan{char})"/>
    public static bool IsToken(ReadOnlySpan<byte> user) => IsToken(System.Text.Encoding.Latin1.GetString(user));

    /// <summary>The same beside a password, which GitHub's users leave to say that the name is a token.</summary>
    public static bool IsToken(ReadOnlySpan<char> user, ReadOnlySpan<char> password) => IsToken(user) || password is "x-oauth-basic";

    /// <inheritdoc cref="IsToken(ReadOnlySpan{char}, ReadOnlySpan{char})"/>
    public static bool IsToken(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password) => IsToken(user) || password.SequenceEqual("x-oauth-basic"u8);

    /// <summary>Whether a name of a secret is also a name of harmless numbers.</summary>
    public static bool IsOftenHarmless(ReadOnlySpan<byte> name) => name.SequenceEqual("code"u8) || name.SequenceEqual("session"u8);

    private static bool IsSecretText(ReadOnlySpan<char> name)
    {
        // "password[]", "passwords[0]", "user[password]": the brackets' innards are a name of their own, unless they count.
        name = name.TrimEnd("[]0123456789");
        var inner = name.LastIndexOf('[');
        if (inner >= 0) { name = name[(inner + 1)..]; }
        // The words of a form's "user+password" and "pass+word", whichever way they were meant.
        if (name.ContainsAny('+', ' '))
        {
            var words = name.ToString().Split(['+', ' '], StringSplitOptions.RemoveEmptyEntries);
            return IsSecretText(string.Join('_', words)) || IsSecretText(string.Concat(words));
        }
        foreach (var whole in s_whole)
        {
            if (name.Equals(whole, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        foreach (var word in s_inside)
        {
            if (name.Contains(word, StringComparison.OrdinalIgnoreCase)) { return true; }
        }
        foreach (var word in s_lastWords)
        {
            if (!name.EndsWith(word, StringComparison.OrdinalIgnoreCase)) { continue; }
            if (name.Length == word.Length || name[^(word.Length + 1)] is '_' or '-' or '.') { return true; }
        }
        return false;
    }
}
