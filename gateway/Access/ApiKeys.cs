using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trm.Core;

namespace Trm.Gateway.Access;

/// <summary>The keys as they are now: those of the configuration, and those of the file, which may change while the server runs.</summary>
internal sealed class ApiKeys
{
    /// <summary>The scheme that checks them.</summary>
    public const string Scheme = "ApiKey";

    // Compared with when nobody has the id, so that the time of an answer does not tell which ids there are.
    private static readonly byte[] NobodysHash = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private readonly AccessOptions options;
    private readonly ApiKeysFile? file;
    private readonly TimeProvider time;
    private readonly ILogger<ApiKeys> logger;
    private byte[]? lastRead;
    private string? lastFault;
    private volatile FrozenDictionary<string, KnownKey> keys;
    private volatile bool isRequired;

    /// <exception cref="TrmException">The file of keys is there and cannot be used: the server must not start as if there were none.</exception>
    public ApiKeys(IOptions<AccessOptions> options, TimeProvider time, ILogger<ApiKeys> logger)
    {
        this.options = options.Value;
        this.time = time;
        this.logger = logger;
        file = this.options.KeysFile is { } path ? new ApiKeysFile(path) : null;
        keys = Known([], FrozenDictionary<string, KnownKey>.Empty);
        isRequired = this.options.IsControlled;
        Look();
    }

    /// <summary>Whether a call needs a key or a token. Once it does it always will: that the file is deleted opens nothing.</summary>
    public bool IsRequired => isRequired;

    /// <summary>Who shows this key.</summary>
    /// <exception cref="AccessException">It is unknown, revoked or expired. Only who has the whole key learns which of the last two.</exception>
    public Caller Check(string text)
    {
        var known = ApiKey.IdOf(text) is { } id ? keys.GetValueOrDefault(id) : null;
        if (!CryptographicOperations.FixedTimeEquals(ApiKey.HashOf(text), known?.Hash ?? NobodysHash) || known is null)
            throw new AccessException("key_invalid", "the key is not known here");
        if (known.Key.Revoked is not null) throw new AccessException("key_revoked", $"key {known.Key.Id} was revoked; ask for a new one");
        if (known.Key.Expires <= time.GetUtcNow()) throw new AccessException("key_expired", $"key {known.Key.Id} expired at {known.Key.Expires:O}; ask for a new one");
        return known.Caller;
    }

    /// <summary>Whether someone who was let in would be let in again as the same: the key was neither changed nor revoked, and nothing has expired.</summary>
    public bool StillAdmits(Caller caller)
    {
        if (caller == Caller.Anyone) return !IsRequired;
        if (caller.Expires <= time.GetUtcNow()) return false;
        if (caller.AuthenticationType != Scheme) return true;
        return keys.TryGetValue(caller.Id!, out var known) && known.Caller == caller && known.Key.Revoked is null;
    }

    /// <summary>Looks at the file again. One that cannot be used is told in the log, and the keys stay as they were.</summary>
    public void Refresh()
    {
        try
        {
            Look();
            lastFault = null;
        }
        catch (TrmException error) when (error.Message == lastFault)
        {
            // Told before.
        }
        catch (TrmException error)
        {
            lastFault = error.Message;
            Log.KeysNotRead(logger, error.Message);
        }
    }

    // All of it each time, a few kilobytes: a file's time may be the same after two changes, and notices of changes get lost on shared folders.
    private void Look()
    {
        if (file?.ReadBytes() is not { } bytes || (lastRead is not null && bytes.AsSpan().SequenceEqual(lastRead))) return;
        keys = Known(file.Parse(bytes), keys);
        isRequired = true;
        if (lastRead is not null) Log.KeysChanged(logger, keys.Count);
        lastRead = bytes;
    }

    private FrozenDictionary<string, KnownKey> Known(IReadOnlyList<ApiKey> ofFile, FrozenDictionary<string, KnownKey> before)
    {
        var known = new Dictionary<string, KnownKey>(StringComparer.Ordinal);
        foreach (var key in options.Keys.Concat(ofFile))
        {
            var text = ApiKeysFile.Text(key);
            // One that is as it was stays the same caller, whose connections stay.
            var entry = before.GetValueOrDefault(key.Id) is { } same && same.Text == text ? same : new KnownKey(key, text);
            if (!known.TryAdd(key.Id, entry)) throw new AccessException("bad_keys_file", $"key {key.Id} is in the configuration and in {file?.Path}; take it out of one");
        }
        return known.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private sealed class KnownKey(ApiKey key, string text)
    {
        public ApiKey Key { get; } = key;

        public string Text { get; } = text;

        public byte[] Hash { get; } = Convert.FromHexString(key.Hash);

        public Caller Caller { get; } = new(Scheme, key.Id, key.Scopes, key.Markets is { } markets ? MarketAccess.To(markets) : MarketAccess.All, key.Expires);
    }
}
