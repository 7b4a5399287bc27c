namespace Trm.Inference.Batching;

/// <summary>A request's part in a batch.</summary>
/// <param name="Request">The request.</param>
/// <param name="First">Its first row in the batch.</param>
/// <param name="Count">Rows.</param>
internal readonly record struct BatchSlice(BatchRequest Request, int First, int Count);
