using Trm.Gateway.Tests.Support;

namespace Trm.Interop.Tests.Frames;

/// <summary>RFC 6455, section 4.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData("Upgrade: websocket", "Connection: Upgrade")]
    [InlineData("upgrade: WebSocket", "connection: keep-alive, Upgrade")]
    public async Task The_upgrade_is_answered_with_the_keys_hash(string upgrade, string connection)
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.DialAsync(host.Address);
        var answer = await socket.HandshakeAsync(host.Address, upgrade, connection, $"Sec-WebSocket-Key: {RawSocket.Key}", "Sec-WebSocket-Version: 13");
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.Contains($"Sec-WebSocket-Accept: {RawSocket.Accept}\r\n", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Upgrade: websocket\r\n", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Connection: Upgrade\r\n", answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Protocol: chat, superchat")]
    [InlineData("Sec-WebSocket-Extensions: bbf-usp-protocol, x-webkit-deflate-frame")]
    public async Task What_is_not_known_is_not_agreed_to(string offer)
    {
        await using var host = await GatewayHost.StartAsync();
        var (socket, answer) = await RawSocket.OfferAsync(host.Address, offer);
        socket.Dispose();
        Assert.DoesNotContain(offer.Split(':')[0], answer, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 8")]
    [InlineData("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "X-Nothing: 1")]
    [InlineData("Sec-WebSocket-Key: short", "Sec-WebSocket-Version: 13")]
    [InlineData("X-Nothing: 1", "Sec-WebSocket-Version: 13")]
    public async Task A_handshake_of_another_version_or_without_a_key_is_told_what_is_spoken(string key, string version)
    {
        await using var host = await GatewayHost.StartAsync();
        using var socket = await RawSocket.DialAsync(host.Address);
        var answer = await socket.HandshakeAsync(host.Address, "Upgrade: websocket", "Connection: Upgrade", key, version);
        Assert.StartsWith("HTTP/1.1 426 ", answer, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Version: 13\r\n", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("Upgrade: websocket\r\n", answer, StringComparison.OrdinalIgnoreCase);
    }
}
