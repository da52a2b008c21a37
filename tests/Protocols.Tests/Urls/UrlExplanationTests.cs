using Firstbyte.Urls;

namespace Firstbyte.Tests.Urls;

public class UrlExplanationTests
{
    [Theory]
    // The examples of the standard's table of validation errors, one for each that does not end the parsing.
    [InlineData("https://1.2.3.4./", UrlValidationError.Ipv4EmptyPart, 15)]
    [InlineData("https://127.0.0x0.1/", UrlValidationError.Ipv4NonDecimalPart, 14)]
    [InlineData("https://1.2.65535/", UrlValidationError.Ipv4OutOfRangePart, 12)]
    [InlineData("https://example.org/>", UrlValidationError.InvalidUrlUnit, 20)]
    [InlineData(" https://example.org ", UrlValidationError.InvalidUrlUnit, 0)]
    [InlineData("ht\ntps://example.org", UrlValidationError.InvalidUrlUnit, 2)]
    [InlineData("https://example.org/%s", UrlValidationError.InvalidUrlUnit, 20)]
    [InlineData("file:c:/my-secret-folder", UrlValidationError.SpecialSchemeMissingFollowingSolidus, 5)]
    [InlineData("https:example.org", UrlValidationError.SpecialSchemeMissingFollowingSolidus, 6)]
    [InlineData("https:////example.com///", UrlValidationError.SpecialSchemeMissingFollowingSolidus, 8)]
    [InlineData("https://example.org\\path\\to\\file", UrlValidationError.InvalidReverseSolidus, 19)]
    [InlineData("https://user@example.org", UrlValidationError.InvalidCredentials, 12)]
    [InlineData("https://user:pass@", UrlValidationError.InvalidCredentials, 17)]
    [InlineData("file://c:", UrlValidationError.FileInvalidWindowsDriveLetterHost, 7)]
    [InlineData("https://xn--a/", UrlValidationError.DomainToUnicode, 8)]
    public void A_violation_is_told_with_its_place(string input, UrlValidationError error, int position) =>
        Assert.Contains(new UrlViolation(error, position), Url.Explain(input).Violations);

    [Fact]
    public void A_drive_letter_against_a_file_base_is_told() =>
        Assert.Contains(new UrlViolation(UrlValidationError.FileInvalidWindowsDriveLetter, 0), Url.Explain("c|/path/to/file", Url.Parse("file:///c:/")).Violations);

    [Theory]
    [InlineData("https://example.com/a?b=c#d")]
    [InlineData("http://user.example/%20é")]
    [InlineData("mailto:someone@example.com")]
    public void A_valid_url_string_has_no_violations(string input) => Assert.Empty(Url.Explain(input).Violations);

    [Fact]
    public void The_parts_say_where_they_came_from()
    {
        var explanation = Url.Explain(" HTTPS://User@EX\tample.com:443/a/../b c?q");
        Assert.Equal("https://User@example.com/b%20c?q", explanation.Url!.Href);
        Assert.Equal(
            [
                new UrlPartOrigin(UrlPart.Scheme, "https", UrlPartSource.Input, 1, 5, 0, 5),
                new UrlPartOrigin(UrlPart.Username, "User", UrlPartSource.Input, 9, 4, 8, 4),
                new UrlPartOrigin(UrlPart.Host, "example.com", UrlPartSource.Input, 14, 12, 13, 11),
                new UrlPartOrigin(UrlPart.Path, "/b%20c", UrlPartSource.Input, 30, 9, 24, 6),
                new UrlPartOrigin(UrlPart.Query, "q", UrlPartSource.Input, 40, 1, 31, 1),
            ],
            explanation.Parts);
        Assert.Equal(
            [
                (UrlChangeKind.EndsTrimmed, 0), (UrlChangeKind.Lowercased, 1), (UrlChangeKind.Lowercased, 14), (UrlChangeKind.TabOrNewlineRemoved, 16),
                (UrlChangeKind.DefaultPortDropped, 26), (UrlChangeKind.DotSegmentsResolved, 33), (UrlChangeKind.PercentEncoded, 37),
            ],
            explanation.Changes.Select(change => (change.Kind, change.InputStart)));
    }

    [Fact]
    public void What_the_base_supplies_is_told()
    {
        var explanation = Url.Explain("../x?y", Url.Parse("https://example.com:8080/a/b/c"));
        Assert.Equal("https://example.com:8080/a/x?y", explanation.Url!.Href);
        Assert.Equal(
            [UrlPartSource.Base, UrlPartSource.Base, UrlPartSource.Base, UrlPartSource.BaseAndInput, UrlPartSource.Input],
            explanation.Parts.Select(part => part.Source));
        Assert.Contains(explanation.Changes, change => change.Kind == UrlChangeKind.PathResolvedAgainstBase);
    }

    [Fact]
    public void What_the_standard_supplies_is_told()
    {
        var explanation = Url.Explain("https://example.com");
        Assert.Equal(UrlPartSource.Standard, explanation.Parts[^1].Source);
        Assert.Equal([new UrlChange(UrlPart.Path, UrlChangeKind.RootPathAdded, 19, 0)], explanation.Changes);
    }

    [Fact]
    public void A_failure_is_explained_with_its_violation()
    {
        var explanation = Url.Explain("https://exa mple.com/");
        Assert.Null(explanation.Url);
        Assert.Equal(UrlValidationError.DomainInvalidCodePoint, explanation.Error!.Reason);
        Assert.Equal(new UrlViolation(UrlValidationError.DomainInvalidCodePoint, 11), explanation.Violations[^1]);
        Assert.Empty(explanation.Parts);
    }

    [Fact]
    public void Every_error_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<UrlValidationError>().Select(error => error.StandardName()).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.Single(names, "");
    }
}
