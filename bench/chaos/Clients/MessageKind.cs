namespace Trm.Bench.Chaos.Clients;

/// <summary>Messages of the server, as far as a client here cares.</summary>
internal enum MessageKind
{
    Other,
    Prediction,
    Subscribed,
    Resync,
    PredictionError,
    Error,
}
