using Microsoft.AspNetCore.Http;

namespace Trm.Gateway.Rest;

/// <summary>JSON that <see cref="Protocol.PredictionJson"/> wrote, so that REST and the sockets say the same bytes.</summary>
internal sealed class JsonBytes(byte[] json) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.ContentType = "application/json; charset=utf-8";
        httpContext.Response.ContentLength = json.Length;
        await httpContext.Response.Body.WriteAsync(json, httpContext.RequestAborted);
    }
}
