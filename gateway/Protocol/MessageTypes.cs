namespace Trm.Gateway.Protocol;

/// <summary>Values of <c>type</c> in the server's messages; the same names are SSE's <c>event</c>.</summary>
internal static class MessageTypes
{
    public const string Prediction = "trm_prediction";
    public const string Summary = "trm_summary";
    public const string PredictionError = "prediction_error";
    public const string Heartbeat = "heartbeat";
    public const string Pong = "pong";
    public const string Subscribed = "subscribed";
    public const string Unsubscribed = "unsubscribed";
    public const string Resync = "resync";
    public const string Error = "error";
    public const string Shutdown = "server_shutdown";
}

/// <summary>Values of <c>code</c> in <c>error</c> messages.</summary>
internal static class ErrorCodes
{
    public const string BadJson = "bad_json";
    public const string UnknownType = "unknown_type";
    public const string UnknownMarket = "unknown_market";
    public const string UnknownSubscription = "unknown_subscription";
    public const string TooLarge = "too_large";
    public const string RateLimited = "rate_limited";
    public const string Internal = "internal_error";
}

/// <summary>Values of <c>reason</c> in <c>resync</c> messages.</summary>
internal static class ResyncReasons
{
    public const string EpochChanged = "epoch_changed";
    public const string GapTooLarge = "gap_too_large";
    public const string AheadOfLog = "ahead_of_log";
}
