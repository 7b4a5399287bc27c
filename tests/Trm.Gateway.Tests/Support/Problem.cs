using System.Text.Json;

namespace Trm.Gateway.Tests.Support;

internal static class Problem
{
    /// <summary>The response is a problem with this status and code; its body.</summary>
    public static async Task<JsonElement> IsAsync(HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(code, problem.GetProperty("code").GetString());
        return problem;
    }
}
