using Microsoft.AspNetCore.SignalR;

namespace Trm.Bench.FanOut.SignalR;

/// <summary>What clients connect to; they only listen.</summary>
internal sealed class PredictionHub : Hub;
