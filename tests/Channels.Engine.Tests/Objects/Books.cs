using Channels.Testing;

namespace Channels.Engine.Tests.Objects;

/// <summary>A class of objects for tests.</summary>
internal static class Books
{
    public static ChannelsTestHost WithBooks(this ChannelsTestHost host)
    {
        var creating = host.Channels.Objects.Classes.CreateAsync(new()
        {
            Name = "books",
            OtherPermission = ClassPermission.CreateObjects,
            Fields =
            [
                new("title", ObjectFieldType.String),
                new("reads", ObjectFieldType.Integer),
                new("weight", ObjectFieldType.Float),
                new("tags", ObjectFieldType.Array),
            ],
        });

        // Memory answers at once.
        Assert.True(creating is { IsCompletedSuccessfully: true, Result.Status: CatalogStatus.Done });
        return host;
    }
}
