using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Commands;

public sealed class UsageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string[], string> Misuse => new()
    {
        { ["serve", "--interval", "0.01"], "--interval 0.01 is not between 0.1 and 86400" },
        { ["serve", "--interval", "soon"], "Trm:Interval" },
        { ["serve", "--source", "magic"], "use live, replay or simulated" },
        { ["serve", "--precision", "fp8"], "--precision fp8 is not known; use auto, fp32 or int16" },
        { ["serve", "--urls", "nonsense"], "--urls nonsense" },
        { ["serve", "--urls", "https://localhost:8443"], "needs a certificate; name its file in Kestrel:Certificates:Default:Path" },
        { ["serve", "--urls", "ftp://localhost:8443"], "only http and https are served here" },
        { ["serve", "--urls", "http://0.0.0.0:0"], "make a key with 'trm keys add NAME'" },
        { ["keys", "add"], "see 'trm keys add --help'" },
        { ["keys", "add", "desk", "--scope", "admin"], "scope 'admin' is not known; use read, push, operate" },
        { ["keys", "add", "desk", "--expires", "soon"], "--expires soon is not a day like 2027-01-31" },
        { ["keys", "add", "desk", "--expires", "2020-01-01"], "--expires 2020-01-01 is not in the future" },
        { ["keys", "list", "--data", "Host=db"], "keys are in a file" },
        { ["serve", "--urls", "http://localhost:99999"], "99999" },
        { ["serve", "--urls", "http://localhost:0/path"], "has no path" },
        { ["features", "--from", "3/4/2015"], "--from 3/4/2015 is not a date like 2020-01-31" },
        { ["stream", "--duration", "-1"], "--duration -1" },
        { ["features", "--from", "2020-02-01", "--to", "2020-01-01"], "--from 2020-02-01 is after --to 2020-01-01" },
        { ["history", "--last", "0"], "--last 0 is not between 1 and 5000" },
        { ["stream", "--duration", "1e12"], "--duration 1000000000000" },
        { ["model", "export"], "--output" },
        { ["model", "export", "--output", "m.onnx", "--form", "odd"], "--form odd is not known; use hoisted or naive" },
        { ["model", "export", "--output", "m.onnx", "--precision", "fp8"], "--precision fp8 is not known; use fp32 or int8" },
        { ["bench", "inference", "--batches", "8,0"], "--batches 8,0 is not a list of numbers from 1 to 4096" },
        { ["bench", "inference", "--rounds", "0"], "--rounds 0 is not between 1 and 10000" },
        { ["bench", "inference", "--json", "--markdown"], "choose one" },
        { ["bench", "inference", "--peers", "tensorflow", "--batches", "1"], "--peers tensorflow is not all, none or a list of onnx-hoisted" },
        { ["serve", "--threads", "0"], "--threads 0 is not between 1 and 16" },
        { ["dance"], "dance" },
        { ["cluster", "up", "--silos", "65"], "--silos 65 is not between 0 and 64" },
        { ["cluster", "up", "--port", "0"], "--port 0 is not between 1 and 65535" },
        { ["cluster", "up", "--streams", "kafka"], "--streams kafka is not known; use memory or adonet" },
        { ["cluster", "up", "--timeout", "0"], "--timeout 0 is not above 0" },
        { ["cluster", "up", "--data", "Host=db"], "--data names a database" },
        { ["cluster", "kill"], "see 'trm cluster kill --help'" },
        { ["cluster", "init"], "--connection is needed" },
        { ["cluster", "init", "--connection", "somewhere"], "--connection is no PostgreSQL connection" },
        { ["serve", "--data", "postgres://trm@db/trm"], "this verb keeps its store in a folder" },
        { ["history", "--data", "Host=db", "--cluster"], "leave one of the two out" },
        { ["doctor", "--data", "Host=db", "--cluster"], "leave one of the two out" },
        { ["top", "--url", "desk"], "--url desk is not an http address" },
        { ["top", "--interval", "0"], "--interval 0 is not between 0.1 and 3600" },
    };

    [Theory, MemberData(nameof(Misuse))]
    public async Task Misuse_is_exit_code_2_and_one_line_that_says_what_to_do(string[] arguments, string message)
    {
        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, arguments);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(message, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Theory]
    [InlineData("{\"Trm\":{\"Gateway\":{\"QueueLimit\":0}}}", "QueueLimit")]
    [InlineData("{\"Trm\":{\"Gateway\":{\"QueueLimit\":\"x\"}}}", "QueueLimit")]
    [InlineData("{\"Trm\":{\"Access\":{\"Orgins\":[\"*\"]}}}", "Trm:Access:Orgins is not known")]
    [InlineData("{\"Trm\":{\"Access\":{\"Limits\":{\"Connections\":\"many\"}}}}", "Trm:Access:Limits:Connections")]
    [InlineData("{\"Trm\":{\"Batching\":{\"MaxBatch\":0}}}", "Trm:Batching:MaxBatch is 0; it must be from 1 to 65536")]
    [InlineData("{\"Trm\":{\"Batching\":{\"Workers\":\"many\"}}}", "Trm:Batching:Workers")]
    [InlineData("{\"Trm\":{\"Interval\":\"soon\"}}", "Trm:Interval")]
    [InlineData("{\"Kestrel\":{\"Endpoints\":{\"Http\":{\"Url\":\"http://0.0.0.0:0\"}}}}", "Kestrel:Endpoints")]
    [InlineData("{ not json", "appsettings.json")]
    public async Task A_bad_configuration_file_is_exit_code_2_and_one_line_that_names_it(string json, string message)
    {
        await File.WriteAllTextAsync(folder["appsettings.json"], json);

        var (code, _, errors) = await TrmProcess.RunAsync(folder.Path, ["serve", "--urls", "http://127.0.0.1:0"]);

        Assert.Equal(2, code);
        Assert.Contains(message, Assert.Single(errors.Split('\n'), line => line.StartsWith("trm: ", StringComparison.Ordinal)));
        Assert.DoesNotContain("   at ", errors);
    }

    public static TheoryData<string[], string> Failures => new()
    {
        { ["features"], "run 'trm ingest FILE.csv' first" },
        { ["serve", "--source", "replay"], "run 'trm ingest FILE.csv' first" },
        { ["ingest", "absent.csv"], "absent.csv" },
        { ["model", "show", "--model", "absent"], "absent" },
        { ["model", "export", "--output", "."], "there is something already; give a new file" },
        { ["model", "export", "--output", "absent/m.onnx"], "make it first" },
        { ["history", "--market", "mars"], "mars" },
        { ["keys", "add", "desk", "--market", "mars"], "mars" },
        { ["keys", "revoke", "nobody"], "'trm keys list' prints those there are" },
        { ["cluster", "status"], "there is no cluster in ./data; start one with 'trm cluster up'" },
        { ["cluster", "down"], "there is no cluster in ./data" },
        { ["cluster", "up", "--market", "mars"], "mars" },
        { ["cluster", "init", "--connection", "Host=127.0.0.1;Port=9;Username=trm;Password=hush;Database=trm"], "127.0.0.1:9" },
        { ["history", "--cluster"], "there is no cluster in ./data" },
        { ["top", "--url", "http://127.0.0.1:9"], "http://127.0.0.1:9/ does not answer" },
        { ["bench", "sockets", "--url", "http://127.0.0.1:9", "--clients", "1"], "nothing answers at http://127.0.0.1:9" },
    };

    [Theory, MemberData(nameof(Failures))]
    public async Task What_cannot_be_done_is_exit_code_1_and_one_line(string[] arguments, string message)
    {
        var (code, output, errors) = await TrmProcess.RunAsync(folder.Path, arguments);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(message, Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
    }
}
