using Trm.Bench.FanOut.Net;
using Trm.Core;

namespace Trm.Bench.FanOut.Tests.Net;

public sealed class OpenFilesTests
{
    [Fact]
    public void More_clients_than_the_system_has_files_for_are_refused_with_what_to_do()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux's own limits");
        var error = Assert.Throws<TrmException>(() => OpenFiles.Require(2_000_000_000));

        Assert.StartsWith("2000000000 clients need 2000000256 open files, and this system allows", error.Message, StringComparison.Ordinal);
        Assert.Contains("ulimit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_few_fit_as_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Linux's own limits");
        OpenFiles.Require(1);
    }
}
