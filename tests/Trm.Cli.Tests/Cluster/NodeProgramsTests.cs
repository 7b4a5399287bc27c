using Trm.Cli.Cluster;
using Trm.Cli.Tests.Support;
using Trm.Core;

namespace Trm.Cli.Tests.Cluster;

public sealed class NodeProgramsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_program_that_is_not_built_is_one_line_that_says_what_to_do()
    {
        var error = Assert.Throws<TrmException>(() => new NodePrograms(folder["bin/Trm.Cli/release"], _ => null).Of(NodeRole.Silo));

        Assert.Equal("cluster_not_built", error.Code);
        Assert.Contains("Microsoft Orleans", error.Message);
        Assert.Contains("'trm serve' (one process)", error.Message);
    }

    [Theory]
    [InlineData("Trm.Silo", NodeRole.Silo)]
    [InlineData("Trm.Gateway.Host", NodeRole.Gateway)]
    public void Programs_are_found_where_the_build_puts_them(string name, object role)
    {
        Directory.CreateDirectory(folder[$"bin/{name}/release"]);
        var built = folder[$"bin/{name}/release/{name}.dll"];
        File.WriteAllText(built, "");

        var program = new NodePrograms(folder["bin/Trm.Cli/release"], _ => null).Of((NodeRole)role);

        Assert.Equal("dotnet", Path.GetFileNameWithoutExtension(program.Command[0]));
        Assert.Equal(built, program.Command[1]);
    }

    [Fact]
    public void A_program_that_is_no_assembly_runs_by_itself()
    {
        var named = folder["silo.sh"];
        File.WriteAllText(named, "");

        var program = new NodePrograms(folder.Path, name => name == "TRM_SILO" ? named : null).Of(NodeRole.Silo);

        Assert.Equal([named], program.Command);
    }

    [Fact]
    public void A_named_program_that_does_not_exist_is_an_error_that_names_it()
    {
        var error = Assert.Throws<TrmException>(() => new NodePrograms(folder.Path, _ => "/nowhere/Trm.Silo.dll").Of(NodeRole.Silo));

        Assert.Contains("TRM_SILO names /nowhere/Trm.Silo.dll", error.Message);
    }
}
