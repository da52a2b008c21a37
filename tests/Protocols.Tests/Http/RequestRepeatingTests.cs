using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public sealed class RequestRepeatingTests
{
    [Theory]
    // On a new connection an end without a response is an answer, whatever was asked.
    [InlineData(RetryRule.IfIdempotent, false, true, RepeatVerdict.Over)]
    [InlineData(RetryRule.Always, false, false, RepeatVerdict.Over)]
    // On one that was idle it is none.
    [InlineData(RetryRule.IfIdempotent, true, true, RepeatVerdict.OnNewConnection)]
    [InlineData(RetryRule.IfIdempotent, true, false, RepeatVerdict.Forbidden)]
    [InlineData(RetryRule.Always, true, false, RepeatVerdict.OnNewConnection)]
    [InlineData(RetryRule.Never, true, true, RepeatVerdict.Over)]
    [InlineData(RetryRule.WithoutExpectation, false, false, RepeatVerdict.WithoutExpectation)]
    [InlineData(RetryRule.WithoutExpectation, true, false, RepeatVerdict.WithoutExpectation)]
    public void A_request_goes_out_again_only_where_that_does_no_harm(RetryRule rule, bool reused, bool isIdempotent, RepeatVerdict verdict) =>
        Assert.Equal(verdict, RequestRepeating.Decide(rule, reused, isIdempotent));
}
