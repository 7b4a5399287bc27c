using System.Text.Json;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Commands;

public sealed class PredictTests : IDisposable
{
    private const string Ten = "14.5,-0.02,-0.05,1.1,0.45,0.28,1.3,0.99,0.03,0.95";

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Ten_numbers_give_strategy_confidence_and_halt()
    {
        var (code, output, _) = await TrmProcess.RunAsync(folder.Path, ["predict", "--features", Ten]);

        Assert.Equal(0, code);
        Assert.Matches(@"Strategy\s+[a-z_]+ \(id \d\)", output);
        Assert.Matches(@"Confidence\s+\d+\.\d %", output);
        Assert.Matches(@"Halt\s+\d+\.\d %", output);
    }

    [Fact]
    public async Task Json_has_the_messages_data()
    {
        var (_, output, _) = await TrmProcess.RunAsync(folder.Path, ["predict", "--features", "-" + Ten, "--json"]);

        var data = JsonSerializer.Deserialize<JsonElement>(output);
        Assert.Equal(-14.5, data.GetProperty("raw_features")[0].GetDouble());
        Assert.Equal(42, data.GetProperty("model_metadata").GetProperty("effective_depth").GetInt32());
        Assert.Equal(data.GetProperty("confidence").GetDouble(), data.GetProperty("probabilities").GetProperty(data.GetProperty("strategy_name").GetString()!).GetDouble());
    }

    [Fact]
    public async Task Each_line_on_stdin_gets_one_line_out_and_a_bad_one_stops_nothing()
    {
        var (code, output, _) = await TrmProcess.RunAsync(folder.Path, ["predict"], $"[{Ten}]\n[1,2]\n[{Ten}]\n");

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<JsonElement>(l)).ToArray();
        Assert.Equal(1, code);
        Assert.Equal(3, lines.Length);
        Assert.Equal("2 features given", lines[1].GetProperty("error").GetProperty("message").GetString()![..16]);
        Assert.Equal(lines[0].GetProperty("probabilities").GetRawText(), lines[2].GetProperty("probabilities").GetRawText());
    }

    [Theory]
    [InlineData("1,2,3", "3 features given, 10 needed")]
    [InlineData("NaN,-0.02,-0.05,1.1,0.45,0.28,1.3,0.99,0.03,0.95", "feature vix is NaN")]
    public async Task Bad_features_are_one_line_on_stderr(string features, string message)
    {
        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, ["predict", "--features", features]);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}
