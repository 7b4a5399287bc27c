namespace Trm.Cluster.Tests.Support;

/// <summary>Ends a disturbance when it is disposed.</summary>
internal sealed class Ending(Action end) : IDisposable
{
    public void Dispose() => end();
}
