using System.Diagnostics.CodeAnalysis;

namespace Trm.Gateway.Connections;

/// <summary>
/// A queue that is no object of its own while it holds at most one: most clients take each message before the next, and of
/// thousands that are visited one after the other each object is another line from memory.
/// </summary>
/// <typeparam name="T">What waits.</typeparam>
internal struct ShortQueue<T>
    where T : class
{
    private T? first;
    private Queue<T>? rest;

    public readonly int Count => first is null ? 0 : 1 + (rest?.Count ?? 0);

    public readonly bool IsEmpty => first is null;

    public void Enqueue(T item)
    {
        if (first is null) first = item;
        else (rest ??= new Queue<T>()).Enqueue(item);
    }

    public readonly bool TryPeek([NotNullWhen(true)] out T? item)
    {
        item = first;
        return item is not null;
    }

    public bool TryDequeue([NotNullWhen(true)] out T? item)
    {
        item = first;
        if (item is null) return false;
        first = null;
        if (rest is null) return true;
        rest.TryDequeue(out first);
        if (first is null) rest = null;
        return true;
    }

    public void Clear() => (first, rest) = (null, null);
}
