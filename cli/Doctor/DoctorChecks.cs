using System.Runtime.InteropServices;
using Microsoft.Extensions.Configuration;
using Trm.Cli.Cluster;
using Trm.Cli.Commands;
using Trm.Cli.Doctor.Checks;
using Trm.Cli.Hosting;
using Trm.Cli.Settings;
using Trm.Core;
using Trm.Core.Bars;
using Trm.Core.Markets;
using Trm.Gateway.Access;
using Trm.Hosting;
using Trm.Inference.Engine;
using Trm.Storage.Postgres;
using Trm.Storage.Sqlite;

namespace Trm.Cli.Doctor;

/// <summary>
/// Which checks there are for a run: by where its data are, and whether there is a cluster. What cannot be read here already is
/// left to the check that it is the matter of.
/// </summary>
internal sealed class DoctorChecks : IDisposable
{
    // Two questions one after the other end within a check's limit.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    private readonly HttpClient http = new() { Timeout = Patience };
    private readonly HealthProbe probe = new(Patience);
    private readonly CommandContext context;
    private readonly TrmSettings settings;
    private readonly IConfiguration configuration;
    private readonly bool isFolder;
    private readonly bool hasCluster;
    private readonly DataPlace place;

    /// <param name="context">Of the verb.</param>
    /// <param name="ofCluster">There must be a cluster.</param>
    public DoctorChecks(CommandContext context, bool ofCluster)
    {
        this.context = context;
        settings = context.Settings;
        isFolder = PostgresConnection.TryParse(settings.Data) is null;
        configuration = isFolder ? KeysPlace.Into(context.Configuration, settings) : context.Configuration;
        hasCluster = ofCluster || (isFolder && File.Exists(new ClusterFolder(settings.Data).File));
        place = DataPlace.Of(settings.Data, cluster: hasCluster && ClusterHasDatabase());
    }

    /// <summary>The checks, in the order of their lines.</summary>
    public IReadOnlyList<IDoctorCheck> Create()
    {
        var markets = Known(() => Composition.SelectedMarkets(settings));
        return
        [
            new RuntimeCheck(EnginePath.Best.Name, RuntimeInformation.ProcessArchitecture),
            new ModelCheck(Composition.ModelPath(settings), Composition.ModelOptions(settings)),
            new MarketsCheck(() => Composition.SelectedMarkets(settings)),
            isFolder ? new StoreCheck(settings.Data) : new DatabaseCheck(place.Name, place.Connection!),
            .. Feed(markets),
            new PortsCheck(settings.Urls, CheckRules, http, probe),
            .. AccessOptions.Read(configuration).KeysFile is { } keys ? [new KeysCheck(keys, CommandContext.Time)] : Array.Empty<IDoctorCheck>(),
            .. isFolder ? [new DiskCheck(settings.Data, PredictionsPerDay(markets.Count), folder => new DriveInfo(folder).AvailableFreeSpace)] : Array.Empty<IDoctorCheck>(),
            new ClockCheck([.. Clocks()], Programs.AskAsync, CommandContext.Time),
            new GpuCheck(Programs.AskAsync),
            .. hasCluster ? [new ClusterCheck(StatusAsync, cancellation => PostgresSchema.VerifyAsync(place.Connection!, cancellation))] : Array.Empty<IDoctorCheck>(),
        ];
    }

    public void Dispose()
    {
        http.Dispose();
        probe.Dispose();
    }

    private static IReadOnlyList<T> Known<T>(Func<IReadOnlyList<T>> read)
    {
        try
        {
            return read();
        }
        catch (TrmException)
        {
            return [];
        }
    }

    // A cluster that is stopped has no database to ask.
    private bool ClusterHasDatabase() =>
        Known(() => new ClusterFolder(settings.Data).Read().Nodes).Any(node => node.Role == NodeRole.Postgres && node.State() != NodeState.Stopped);

    private Task<IReadOnlyList<NodeStatus>> StatusAsync(CancellationToken cancellation) => ClusterCommand.Open(context, probe).StatusAsync(cancellation);

    // Opening a store brings it up to date, which is not a doctor's work.
    private IEnumerable<IDoctorCheck> Feed(IReadOnlyList<Market> markets)
    {
        if (hasCluster && place.Connection is null) yield break;
        var file = place.Connection is null ? StoreFile.Bars(settings.Data) : null;
        if (file is { Exists: true } && !Known<int>(() => [file.ReadSchema()]).Contains(file.KnownSchema)) yield break;
        yield return new FeedCheck(markets, OpenBarsAsync, settings.Source, CommandContext.Time);

        async Task<Opened<IBarStore>?> OpenBarsAsync(CancellationToken cancellation) =>
            file is { Exists: false } ? null : await place.OpenBarsAsync(cancellation).ConfigureAwait(false);
    }

    private void CheckRules() => BindingRules.Check(settings.Urls, settings.AllowAnonymous || AccessOptions.Read(configuration).IsControlled, configuration);

    private double PredictionsPerDay(int markets) =>
        settings.ServeInterval is var interval && interval > TimeSpan.Zero ? markets * (TimeSpan.FromDays(1) / interval) : 0;

    private IEnumerable<ClockReference> Clocks()
    {
        foreach (var address in Known(() => BindingRules.Addresses(settings.Urls).ToArray()).Where(a => a.Port > 0 && a.Scheme == Uri.UriSchemeHttp).Take(1))
            yield return ClockReferences.OfService(ServiceAddress.Of(address), http);
        if (place.Connection is { } connection) yield return ClockReferences.OfDatabase(place.Name, connection);
    }
}
