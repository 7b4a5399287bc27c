using System.Collections.Immutable;
using Orleans.Providers;

namespace Trm.Cluster.Tests.Support;

/// <summary>Loses events on their way to a stream's queue, as a silo that dies with its queues does.</summary>
internal sealed class StreamTap : IOutgoingGrainCallFilter
{
    private ImmutableList<Func<string, string, bool>> losses = [];

    /// <summary>Whether an event (namespace and key of its stream) is lost; may throw, as a queue does that does not answer.</summary>
    public void Add(Func<string, string, bool> loses) => ImmutableInterlocked.Update(ref losses, all => all.Add(loses));

    public void Remove(Func<string, string, bool> loses) => ImmutableInterlocked.Update(ref losses, all => all.Remove(loses));

    public Task Invoke(IOutgoingGrainCallContext context)
    {
        if (context.Request.GetArgumentCount() == 0 || context.Request.GetArgument(0) is not MemoryMessageData message) return context.Invoke();
        if (!losses.Any(loses => loses(message.StreamId.GetNamespace()!, message.StreamId.GetKeyAsString()))) return context.Invoke();
        context.Result = null!; // A call without an answer would be an error.
        return Task.CompletedTask;
    }
}
