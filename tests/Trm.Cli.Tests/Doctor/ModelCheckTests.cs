using System.Text.Json.Nodes;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Tests.Doctor.Support;
using Trm.Cli.Tests.Support;
using Trm.Inference;

namespace Trm.Cli.Tests.Doctor;

public sealed class ModelCheckTests : IDisposable
{
    private static readonly string Shipped = Path.Combine(AppContext.BaseDirectory, "model", "us-equities");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_shipped_model_answers_its_golden_cases() =>
        Assert.Matches(@"^Ok: .+ \(causal-v2\) answers its \d+ golden cases to ", await LookAsync(Shipped));

    [Fact]
    public async Task A_model_that_is_off_its_golden_cases_fails()
    {
        Copy();
        var golden = JsonNode.Parse(await File.ReadAllTextAsync(folder["golden.json"]))!;
        golden["cases"]![0]!["probabilities"]![0] = golden["cases"]![0]!["probabilities"]![0]!.GetValue<double>() + 0.01;
        await File.WriteAllTextAsync(folder["golden.json"], golden.ToJsonString());

        var found = await LookAsync(folder.Path);

        Assert.StartsWith("Fail: ", found);
        Assert.Contains("1.0e-2 in probabilities", found);
    }

    [Fact]
    public async Task A_model_without_golden_cases_loads_and_is_told()
    {
        Copy();
        File.Delete(folder["golden.json"]);

        Assert.Contains("loads; there is no golden.json to hold it against", await LookAsync(folder.Path));
    }

    [Fact]
    public async Task A_model_that_does_not_load_is_an_error_that_says_what_to_do()
    {
        Copy();
        await File.WriteAllTextAsync(folder["model.json"], (await File.ReadAllTextAsync(folder["model.json"])).Replace("causal-v2", "magic-v9", StringComparison.Ordinal));

        Assert.Contains("'magic-v9' is not known; use one of", (await Assert.ThrowsAsync<ModelFormatException>(() => LookAsync(folder.Path))).Message);
    }

    private static Task<string> LookAsync(string path) => Look.AtOneAsync(new ModelCheck(path, new ModelLoadOptions()));

    private void Copy()
    {
        foreach (var file in Directory.GetFiles(Shipped)) File.Copy(file, folder[Path.GetFileName(file)]);
    }
}
