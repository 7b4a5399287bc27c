using System.Text.Json;
using System.Text.Json.Serialization;
using Trm.Core;

namespace Trm.Cli.Cluster;

/// <summary>
/// <c>cluster.json</c>: what <c>trm cluster up</c> made, for the verbs that come later. It holds the database's connection
/// string, so only its owner can read it.
/// </summary>
internal sealed record ClusterFile
{
    private const int CurrentVersion = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <summary>Of the file's form.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>What all silos and gateways are started with.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>In the order in which they start.</summary>
    public required IReadOnlyList<ClusterNode> Nodes { get; init; }

    /// <summary>How its database is reached.</summary>
    [JsonIgnore]
    public string Connection => Environment[ClusterKeys.Connection];

    /// <summary>The file, or null when there is none.</summary>
    /// <exception cref="TrmException">It is not one of this version.</exception>
    public static ClusterFile? TryRead(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            var file = JsonSerializer.Deserialize<ClusterFile>(File.ReadAllText(path), Json);
            if (file?.Version == CurrentVersion) return file;
            throw new TrmException("cluster_file_version", $"{path} is of version {file?.Version}, and this trm knows version {CurrentVersion}; use the trm that started the cluster");
        }
        catch (JsonException error)
        {
            throw new TrmException("cluster_file_corrupt", $"{path} cannot be read ({error.Message}); end its processes by hand and delete it", error);
        }
    }

    /// <summary>Writes it whole or not at all.</summary>
    public void Write(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var fresh = path + ".new";
        File.Delete(fresh); // One that an earlier run left behind might have other rights.
        using (var stream = new FileStream(fresh, options)) JsonSerializer.Serialize(stream, this, Json);
        File.Move(fresh, path, overwrite: true);
    }

    /// <summary>The same with a node added or replaced.</summary>
    public ClusterFile With(ClusterNode node) => this with
    {
        Nodes = Nodes.Any(n => n.Name == node.Name) ? [.. Nodes.Select(n => n.Name == node.Name ? node : n)] : [.. Nodes, node],
    };

    /// <summary>The nodes of a role.</summary>
    public IEnumerable<ClusterNode> Of(NodeRole role) => Nodes.Where(n => n.Role == role);

    /// <summary>A node by name.</summary>
    /// <exception cref="TrmException">There is none of that name.</exception>
    public ClusterNode Node(string name) => Nodes.FirstOrDefault(n => n.Name == name)
        ?? throw new TrmException("unknown_node", $"the cluster has no {name}; it has {string.Join(", ", Nodes.Select(n => n.Name))}");
}
