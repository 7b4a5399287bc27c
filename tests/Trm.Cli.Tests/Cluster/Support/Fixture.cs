using Trm.Tests.Postgres;

[assembly: AssemblyFixture(typeof(PostgresServer))]
