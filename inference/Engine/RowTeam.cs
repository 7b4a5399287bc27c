using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Trm.Inference.Engine;

/// <summary>
/// A few threads that share the layers of a batch, for its latency: each core then streams its own part of the weights,
/// and with int16 the parts fit their second-level caches.
/// <para>
/// The caller leads and never waits for a thread that has not come: it takes blocks from the front, helpers take
/// them from the back (so that a core meets the same weights in every step), and what nobody else took the caller does
/// itself. Between predictions the helpers spin for a moment and then sleep.
/// </para>
/// </summary>
internal sealed class RowTeam : IDisposable
{
    private const int CountBits = 16;
    private const long CountMask = (1 << CountBits) - 1;

    // 50 µs: predictions that follow each other at once find the helpers awake.
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    private readonly AutoResetEvent[] bells;
    private readonly Thread[] helpers;
    private Shared shared;
    private IRowStage? stage;
    private long number;
    private volatile bool isWorking;
    private volatile bool isDisposed;
    private int leaders;

    /// <param name="helpers">Threads beside the caller's, 1 or more.</param>
    public RowTeam(int helpers)
    {
        bells = [.. Enumerable.Range(0, helpers).Select(_ => new AutoResetEvent(false))];
        this.helpers = [.. bells.Select(bell => new Thread(() => Help(bell)) { IsBackground = true, Name = "trm inference" })];
        foreach (var thread in this.helpers) thread.Start();
    }

    /// <summary>Makes the caller the leader; false while another is, who then works alone.</summary>
    public bool TryLead()
    {
        if (Interlocked.CompareExchange(ref leaders, 1, 0) != 0) return false;
        isWorking = true;
        foreach (var bell in bells) bell.Set();
        return true;
    }

    /// <summary>Ends the leadership.</summary>
    public void Leave()
    {
        isWorking = false;
        Volatile.Write(ref leaders, 0);
    }

    /// <summary>Runs all blocks of a stage; returns when each is done.</summary>
    public void Run(IRowStage next)
    {
        var blocks = next.Blocks;
        // Nobody can claim a block of the stage before: all were claimed and done when its run returned.
        stage = next;
        shared.Done = 0;
        number = (number + 1) & int.MaxValue;
        Volatile.Write(ref shared.Claims, Pack(number, 0, blocks));
        while (TryClaim(front: true, out var block))
        {
            next.Run(block);
            Interlocked.Increment(ref shared.Done);
        }
        var spinner = new SpinWait();
        while (Volatile.Read(ref shared.Done) < blocks) spinner.SpinOnce(sleep1Threshold: -1);
    }

    public void Dispose()
    {
        isDisposed = true;
        foreach (var bell in bells) bell.Set();
        foreach (var thread in helpers) thread.Join();
        foreach (var bell in bells) bell.Dispose();
    }

    private void Help(AutoResetEvent bell)
    {
        while (true)
        {
            bell.WaitOne();
            var quietSince = Stopwatch.GetTimestamp();
            while (Stopwatch.GetTimestamp() - quietSince < SpinTicks)
            {
                if (TryClaim(front: false, out var block))
                {
                    stage!.Run(block);
                    Interlocked.Increment(ref shared.Done);
                }
                else
                {
                    Thread.SpinWait(2);
                }
                // After the work, which may have taken long: it was not quiet meanwhile.
                if (isWorking) quietSince = Stopwatch.GetTimestamp();
            }
            if (isDisposed) return;
        }
    }

    // One word holds the stage's number and both ends, so that a claim succeeds only on the stage that was looked at; and
    // a stage is not replaced while a block of it is open.
    private bool TryClaim(bool front, out int block)
    {
        while (true)
        {
            var claims = Volatile.Read(ref shared.Claims);
            var (stageNumber, first, end) = (claims >> (2 * CountBits), (int)((claims >> CountBits) & CountMask), (int)(claims & CountMask));
            block = front ? first : end - 1;
            if (first >= end) return false;
            var claimed = front ? Pack(stageNumber, first + 1, end) : Pack(stageNumber, first, end - 1);
            if (Interlocked.CompareExchange(ref shared.Claims, claimed, claims) == claims) return true;
        }
    }

    private static long Pack(long stageNumber, int first, int end) => (stageNumber << (2 * CountBits)) | ((long)first << CountBits) | (long)end;

    // Lines of their own, or the cores would pass them back and forth with what lies beside them.
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Shared
    {
        [FieldOffset(128)]
        public long Claims;

        [FieldOffset(256)]
        public int Done;
    }
}

/// <summary>Work on a batch that falls into blocks which any thread may do.</summary>
internal interface IRowStage
{
    /// <summary>Samples, padded to what the kernels take; set before the blocks are run.</summary>
    int Batch { get; set; }

    /// <summary>Blocks that there are for this batch.</summary>
    int Blocks { get; }

    /// <summary>Does one block.</summary>
    void Run(int block);

    /// <summary>Does all of them, for one thread: what ends a block need not be done between them.</summary>
    void RunAll();
}
