namespace Firstbyte.Tests;

public class ReferenceTests
{
    [Fact]
    public void The_tests_run_inside_a_checkout() => Assert.True(File.Exists(System.IO.Path.Combine(RepositoryRoot.Require(), "Firstbyte.slnx")));
}
