using Channels.Clients.Tests.Processes;

// Each test runs processes of its own; side by side they would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(NodeModules))]
[assembly: AssemblyFixture(typeof(SharedPlayground))]
