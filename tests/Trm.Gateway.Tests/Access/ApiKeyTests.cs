using Trm.Gateway.Access;
using Trm.Gateway.Tests.Support;

namespace Trm.Gateway.Tests.Access;

public sealed class ApiKeyTests
{
    [Fact]
    public void A_key_has_256_random_bits_and_only_its_hash_is_kept()
    {
        var (key, text) = ApiKey.Create("desk", ["read"], null, Samples.Start, null);
        var parts = text.Split('_', 3);
        Assert.Equal(["trm", key.Id], parts[..2]);
        Assert.Equal(32, System.Buffers.Text.Base64Url.DecodeFromChars(parts[2]).Length);
        Assert.Equal(key.Hash, Convert.ToHexStringLower(ApiKey.HashOf(text)));
        Assert.DoesNotContain(parts[2], key.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(text, ApiKey.Create("desk", ["read"], null, Samples.Start, null).Text);
    }

    [Theory]
    [InlineData("trm_abc_secret", "abc")]
    [InlineData("trm_abc_se_cret", "abc")]
    [InlineData("trm__", "")]
    [InlineData("trm_abc", null)]
    [InlineData("TRM_abc_secret", null)]
    [InlineData("", null)]
    public void The_id_is_between_the_prefix_and_the_secret(string text, string? id) => Assert.Equal(id, ApiKey.IdOf(text));

    [Fact]
    public void A_file_of_keys_comes_back_as_it_was_and_only_its_owner_may_read_it()
    {
        using var ring = new KeyRing();
        Assert.Empty(ring.File.Read());
        ring.Add("read push", "a b", Samples.Start.AddDays(1));
        ring.Add("operate");
        var keys = ring.File.Read();
        Assert.Equal("read push|a b|", $"{string.Join(' ', keys[0].Scopes)}|{string.Join(' ', keys[0].Markets!)}|{keys[0].Revoked}");
        Assert.Equal(Samples.Start.AddDays(1), keys[0].Expires);
        Assert.Null(keys[1].Markets);
        Assert.Equal([ring.File.Path], Directory.GetFiles(Path.GetDirectoryName(ring.File.Path)!));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(ring.File.Path));
    }

    [Theory]
    [InlineData("", "no file of keys")]
    [InlineData("null", "no file of keys")]
    [InlineData("{}", "no file of keys")]
    [InlineData("""{"format_version":2,"keys":[]}""", "format_version 2 is not 1")]
    [InlineData("""{"format_version":1,"keys":[{"id":"a","name":"a","hash":"$","scopes":["read"],"market":["m"]}]}""", "market")]
    [InlineData("""{"format_version":1,"keys":[{"id":"a","name":"a","scopes":["read"]}]}""", "hash")]
    [InlineData("""{"format_version":1,"keys":[{"id":"a","name":"a","hash":"00","scopes":["read"]}]}""", "64 hexadecimal digits")]
    [InlineData("""{"format_version":1,"keys":[{"id":"a","name":"a","hash":"$","scopes":[]}]}""", "no scopes")]
    [InlineData("""{"format_version":1,"keys":[{"id":"a","name":"a","hash":"$","scopes":["admin"]}]}""", "scope 'admin' is not known")]
    [InlineData("""{"format_version":1,"keys":[{"id":"a","name":"a","hash":"$","scopes":["read"],"markets":[]}]}""", "markets is empty")]
    [InlineData("""{"format_version":1,"keys":[{"id":"A b","name":"a","hash":"$","scopes":["read"]}]}""", "a-z and 0-9")]
    [InlineData("""{"format_version":1,"keys":[{"id":"a","name":"a","hash":"$","scopes":["read"]},{"id":"a","name":"b","hash":"$","scopes":["read"]}]}""", "there twice")]
    public void A_file_that_cannot_be_understood_is_refused_whole(string json, string fault)
    {
        using var ring = new KeyRing();
        File.WriteAllText(ring.File.Path, json.Replace("$", new string('0', 64), StringComparison.Ordinal));
        var error = Assert.Throws<AccessException>(ring.File.Read);
        Assert.Contains(fault, error.Message, StringComparison.Ordinal);
        Assert.Contains(ring.File.Path, error.Message, StringComparison.Ordinal);
    }
}
