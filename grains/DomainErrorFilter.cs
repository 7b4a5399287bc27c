using Microsoft.Extensions.Logging;
using Trm.Core;
using Trm.GrainInterfaces;

namespace Trm.Grains;

/// <summary>
/// Errors of the domain leave a grain as <see cref="ClusterException"/>, which every caller can read; what caused them stays here,
/// in this silo's log.
/// </summary>
internal sealed class DomainErrorFilter(ILogger<DomainErrorFilter> logger) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        try
        {
            await context.Invoke();
        }
        catch (TrmException error) when (error is not ClusterException)
        {
            if (error.InnerException is not null) Log.CallFailed(logger, context.InterfaceName, context.MethodName, error.Code, error.Message, error);
            throw new ClusterException(error.Code, error.Message, error.PublicMessage);
        }
    }
}
