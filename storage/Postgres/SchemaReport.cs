namespace Trm.Storage.Postgres;

/// <summary>What <see cref="PostgresSchema.ApplyAsync(string, CancellationToken)"/> came to.</summary>
/// <param name="Applied">The steps it took, by file name without <c>.sql</c>, in order; empty when all were there.</param>
/// <param name="Version">The highest step that the database now has.</param>
public sealed record SchemaReport(IReadOnlyList<string> Applied, int Version);
