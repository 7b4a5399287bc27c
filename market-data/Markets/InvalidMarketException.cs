using Trm.Core;

namespace Trm.MarketData.Markets;

/// <summary>A market definition that cannot be used.</summary>
/// <param name="file">The file it is in.</param>
/// <param name="problem">The key, its value and what is wrong with it.</param>
/// <param name="inner">What the JSON reader or the file system said.</param>
public sealed class InvalidMarketException(string file, string problem, Exception? inner = null)
    : TrmException("invalid_market", $"{file}: {problem}", inner);
