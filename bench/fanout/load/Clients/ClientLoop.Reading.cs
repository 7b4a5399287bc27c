using System.Buffers.Binary;
using Trm.Bench.FanOut.Net;
using Trm.Bench.FanOut.WebSockets;

namespace Trm.Bench.FanOut.Clients;

internal sealed partial class ClientLoop
{
    /// <summary>Room for a frame that is nearly whole and as much again behind it.</summary>
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(2 * FrameHeader.MaxLength, pinned: true);

    private void OnReadable(Client client, Readiness ready)
    {
        // One that is stalled is told of its end only; what lies unread before it may hold the reason.
        const Readiness ending = Readiness.Error | Readiness.HangUp | Readiness.PeerDone;
        var isEnding = (ready & ending) != 0;
        if (!client.Reads && client.Phase == Phase.Open && !isEnding) return;
        // News comes once: what fills the buffer may have more behind it, and so has an end.
        while (ReadOnce(client, out var isFull) && (isFull || isEnding) && (client.Reads || isEnding)) { }
    }

    /// <returns>False when there is nothing more to read, now or ever.</returns>
    private bool ReadOnce(Client client, out bool isFull)
    {
        isFull = false;
        var kept = client.RestoreInto(buffer);
        if (NonBlockingSocket.Receive(client.Socket, buffer.AsSpan(kept)) is not { } count) return false;
        if (count <= 0)
        {
            End(client, client.Phase == Phase.Upgrading ? Ending.Refused : Ending.Cut, reset: true);
            return false;
        }
        var data = buffer.AsSpan(0, kept + count);
        var used = Take(client, data);
        if (client.Phase == Phase.Gone) return false;
        client.Keep(data[used..]);
        isFull = data.Length == buffer.Length;
        return true;
    }

    /// <summary>Takes what is whole.</summary>
    /// <returns>How many bytes.</returns>
    private int Take(Client client, ReadOnlySpan<byte> data)
    {
        var used = client.Phase == Phase.Upgrading ? TakeUpgrade(client, data) : 0;
        while (client.Phase == Phase.Open)
        {
            var state = FrameHeader.TryRead(data[used..], out var frame);
            if (state == FrameState.Partial) break;
            if (state == FrameState.Invalid)
            {
                End(client, Ending.BadFrame, reset: true);
                break;
            }
            TakeFrame(client, frame, data.Slice(used + frame.Start, frame.Length));
            used += frame.Size;
        }
        return used;
    }

    private int TakeUpgrade(Client client, ReadOnlySpan<byte> data)
    {
        if (Upgrade.TryRead(data, out var length) is not { } agreed) return 0;
        if (!agreed)
        {
            End(client, Ending.Refused, reset: true);
            return 0;
        }
        Pending--;
        client.Phase = Phase.Open;
        if (!client.Reads) SetReads(client, false);
        client.Listener.OnOpen(client);
        return length;
    }

    private void TakeFrame(Client client, FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        switch (frame.Opcode)
        {
            case Opcode.Text or Opcode.Binary when frame.IsFinal:
                client.Listener.OnMessage(client, payload);
                break;
            case Opcode.Text or Opcode.Binary or Opcode.Continuation:
                TakeFragment(client, frame, payload);
                break;
            case Opcode.Ping:
                Send(client, ClientFrames.Pong(payload));
                break;
            case Opcode.Close:
                client.CloseCode = payload.Length < 2 ? 1005 : BinaryPrimitives.ReadUInt16BigEndian(payload);
                Send(client, ClientFrames.Close(payload.Length < 2 ? 1000 : client.CloseCode));
                End(client, Ending.Closed, reset: false);
                break;
        }
    }

    private static void TakeFragment(Client client, FrameHeader frame, ReadOnlySpan<byte> payload)
    {
        client.Fragments ??= [];
        client.Fragments.AddRange(payload);
        if (!frame.IsFinal) return;
        var message = client.Fragments.ToArray();
        client.Fragments = null;
        client.Listener.OnMessage(client, message);
    }
}
