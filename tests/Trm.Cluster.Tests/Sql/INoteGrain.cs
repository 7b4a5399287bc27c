namespace Trm.Cluster.Tests.Sql;

/// <summary>Keeps a text, and can be reminded of it.</summary>
internal interface INoteGrain : IGrainWithStringKey
{
    Task<string?> ReadAsync();

    Task WriteAsync(string text);

    Task ClearAsync();

    /// <summary>Ends the activation: the next call reads the state anew.</summary>
    Task ForgetAsync();

    Task RemindAsync(string name, TimeSpan period);

    Task<IReadOnlyList<string>> RemindersAsync();

    Task DismissAsync(string name);

    /// <summary>Completes when a reminder has come.</summary>
    Task<string> RemindedAsync();
}
