using System.Text.Json;
using Trm.Cli.Tests.Support;

namespace Trm.Cli.Tests.Commands;

public sealed class KeysTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_key_is_printed_once_and_stored_as_a_hash()
    {
        var (code, output, errors) = await RunAsync("add", "desk");
        Assert.True(code == 0, errors);
        var key = output.TrimEnd('\n');
        Assert.Matches("^trm_[a-z0-9]{12}_[A-Za-z0-9_-]{43}$", key);
        Assert.DoesNotContain(key, errors);
        Assert.Contains("not shown again", errors);
        Assert.Contains("from now on every call needs a key", errors);

        var secret = key.Split('_', 3)[2];
        Assert.DoesNotContain(secret, await File.ReadAllTextAsync(folder["data/keys.json"]));
        Assert.DoesNotContain(secret, (await RunAsync("list")).Output + (await RunAsync("list", "--json")).Output);
    }

    [Fact]
    public async Task Keys_are_listed_with_what_they_are_for_and_revoked_by_id()
    {
        var read = Json((await RunAsync("add", "desk", "--json")).Output);
        var push = Json((await RunAsync("add", "feed [1]", "--scope", "push", "--scope", "read", "--market", "us-equities", "--expires", "90d", "--json")).Output);
        Assert.StartsWith($"trm_{read.GetProperty("id").GetString()}_", read.GetProperty("key").GetString());
        Assert.Equal("""["push","read"]|["us-equities"]""", $"{push.GetProperty("scopes").GetRawText()}|{push.GetProperty("markets").GetRawText()}");

        var id = read.GetProperty("id").GetString()!;
        Assert.Equal(0, (await RunAsync("revoke", id)).Code);
        Assert.Contains("already", (await RunAsync("revoke", id)).Errors);

        var listed = (await RunAsync("list", "--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Json).ToArray();
        Assert.Equal(["desk revoked", "feed [1] active"], listed.Select(k => $"{k.GetProperty("name").GetString()} {k.GetProperty("state").GetString()}"));
        Assert.Equal(90, (listed[1].GetProperty("expires").GetDateTimeOffset() - listed[1].GetProperty("created").GetDateTimeOffset()).TotalDays, 3);
        var table = (await RunAsync("list")).Output;
        Assert.Contains("feed [1]", table);
        Assert.Contains("us-equities", table);
    }

    [Fact]
    public async Task A_file_that_is_no_file_of_keys_is_left_as_it_is()
    {
        Directory.CreateDirectory(folder["data"]);
        await File.WriteAllTextAsync(folder["data/keys.json"], "{}");
        foreach (var verb in (string[][])[["add", "desk"], ["list"], ["revoke", "a"]])
        {
            var (code, output, errors) = await RunAsync(verb);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains("no file of keys", Assert.Single(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)));
        }
        Assert.Equal("{}", await File.ReadAllTextAsync(folder["data/keys.json"]));
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments) => TrmProcess.RunAsync(folder.Path, ["keys", .. arguments]);

    private static JsonElement Json(string line) => JsonSerializer.Deserialize<JsonElement>(line);
}
