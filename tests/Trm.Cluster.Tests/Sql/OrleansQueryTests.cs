using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using Npgsql;
using Orleans.Storage;
using Trm.Tests.Postgres;

namespace Trm.Cluster.Tests.Sql;

public sealed class OrleansQueryTests(PostgresServer server)
{
    /// <summary>Those that ask for their keys one by one; persistence names its keys in one public text.</summary>
    private static readonly string[] Assemblies = ["Orleans.Clustering.AdoNet", "Orleans.Reminders.AdoNet", "Orleans.Streaming.AdoNet"];

    [Fact]
    public async Task The_table_has_the_keys_that_the_providers_ask_for_and_no_other()
    {
        var database = await server.CreateDatabaseAsync();
        var kept = new List<string>();
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT QueryKey FROM OrleansQuery", connection);
            await using var row = await command.ExecuteReaderAsync();
            while (await row.ReadAsync()) kept.Add(row.GetString(0));
        }

        var asked = Assemblies.SelectMany(KeysOf)
            .Concat(Regex.Matches(AdoNetGrainStorage.DefaultInitializationQuery, "QueryKey = '(\\w+)'").Select(match => match.Groups[1].Value));
        Assert.Equal(asked.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Its texts that end in "Key": what it must have is named by properties too, but not what it can do without. The one
    /// that is no key is the column's name.
    /// </summary>
    private static IEnumerable<string> KeysOf(string assembly)
    {
        var loaded = Assembly.Load(assembly);
        var texts = TextsOf(loaded).Where(text => Regex.IsMatch(text, @"^[A-Z]\w+Key$") && text != "QueryKey").ToHashSet();
        var required = loaded.GetType($"{assembly}.Storage.DbStoredQueries", throwOnError: true)!
            .GetProperties(BindingFlags.Instance | BindingFlags.NonPublic)
            .Select(property => property.Name);
        Assert.Subset(texts, required.ToHashSet());
        return texts;
    }

    private static IEnumerable<string> TextsOf(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        for (var at = metadata.GetNextHandle(default(UserStringHandle)); !at.IsNil; at = metadata.GetNextHandle(at)) yield return metadata.GetUserString(at);
    }
}
