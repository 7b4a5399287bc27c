namespace Trm.Cli.Hosting;

/// <summary>A store behind its port, and its end.</summary>
/// <param name="store">The store.</param>
/// <param name="closing">Closes it.</param>
internal sealed class Opened<T>(T store, IAsyncDisposable closing) : IAsyncDisposable
{
    public T Store { get; } = store;

    public ValueTask DisposeAsync() => closing.DisposeAsync();
}
