using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Channels.AspNetCore.Tests.Support;

/// <summary>A server with some classes of data objects.</summary>
public sealed class ObjectServer : TestServer
{
    public const string Books = "classes/books/objects/";

    protected override void AddServices(WebApplicationBuilder builder, IChannelsBuilder channels) => channels.AddChannel("quiet");

    protected override void Map(WebApplication app)
    {
        base.Map(app);
        var classes = app.Services.GetRequiredService<IChannels>().In(Keys.Instance).Objects.Classes;
        Create("books", ClassPermission.CreateObjects, new("title", ObjectFieldType.String), new("reads", ObjectFieldType.Integer));
        Create("paged", ClassPermission.CreateObjects);
        Create("notes", ClassPermission.CreateObjects, new ObjectField("body", ObjectFieldType.Array));
        Create("closed", ClassPermission.None, new ObjectField("title", ObjectFieldType.String));
        Create(
            "kinds",
            ClassPermission.CreateObjects,
            new("whole", ObjectFieldType.Integer),
            new("real", ObjectFieldType.Float),
            new("flag", ObjectFieldType.Boolean),
            new("moment", ObjectFieldType.DateTime),
            new("place", ObjectFieldType.GeoPoint),
            new("links_to", ObjectFieldType.Relation, "self"),
            new("name", ObjectFieldType.String));
        var rooms = app.Services.GetRequiredService<IChannels>().In(Keys.Instance).Catalog.CreateAsync(new() { Name = "rooms", Type = ChannelType.SeparateRooms });
        Assert.True(rooms.IsCompletedSuccessfully);

        // Memory answers at once.
        void Create(string name, ClassPermission others, params ObjectField[] fields)
        {
            var creating = classes.CreateAsync(new() { Name = name, OtherPermission = others, Fields = fields });
            Assert.True(creating is { IsCompletedSuccessfully: true, Result.Status: CatalogStatus.Done });
        }
    }
}
