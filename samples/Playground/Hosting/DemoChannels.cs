using Channels;
using Microsoft.Extensions.Options;

namespace Playground.Hosting;

/// <summary>The channels that a fresh Playground has.</summary>
internal static class DemoChannels
{
    public static IChannelsBuilder AddDemoChannels(this IChannelsBuilder builder)
    {
        builder
            .AddChannel("notices", c => c
                .Description("Everybody reads, administrators write")
                .Others(ChannelPermission.Subscribe)
                .ClientsMayPublish())
            .AddChannel("inbox-{user}", c => c
                .Description("Everybody writes, only the user with that id reads")
                .Allow(ChannelOperations.Read, rule => rule["user"] == rule.Caller.UserId)
                .Allow(ChannelOperations.Publish, rule => rule.Caller.UserId is not null)
                .ClientsMayPublish());
        builder.Services.AddHostedService<Creation>();
        return builder;
    }

    /// <summary>Creates the stored channels, which the page can then change or delete.</summary>
    private sealed class Creation(IChannels channels, IOptions<ChannelsOptions> options) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var instance = options.Value.Instances.FirstOrDefault() ?? ChannelAddress.DefaultInstance;
            var catalog = channels.In(instance).Catalog;
            await catalog.CreateAsync(Open("playground", ChannelType.Default), cancellationToken);
            await catalog.CreateAsync(Open("playground-rooms", ChannelType.SeparateRooms), cancellationToken);
            await catalog.CreateAsync(
                Open("new_photo", ChannelType.Default) with { Description = "Photos of the family album", ClientsMayPublish = false }, cancellationToken);
            await CreateClassesAsync(channels.In(instance).Objects.Classes, cancellationToken);
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private static async Task CreateClassesAsync(IObjectClasses classes, CancellationToken cancellationToken)
        {
            await classes.CreateAsync(
                new()
                {
                    Name = "books",
                    OtherPermission = ClassPermission.CreateObjects,
                    Fields = [new("title", ObjectFieldType.String), new("reads", ObjectFieldType.Integer)],
                },
                cancellationToken);
            await classes.CreateAsync(
                new()
                {
                    Name = "photos",
                    Description = "The family album",
                    OtherPermission = ClassPermission.CreateObjects,
                    Fields = [new("title", ObjectFieldType.String), new("picture", ObjectFieldType.String), new("likes", ObjectFieldType.Integer)],
                },
                cancellationToken);
        }

        private static ChannelDescriptor Open(string name, ChannelType type) => new()
        {
            Name = name,
            Type = type,
            Description = type == ChannelType.Default ? "Everybody reads and writes" : "Everybody reads and writes, in rooms",
            OtherPermission = ChannelPermission.Publish,
            ClientsMayPublish = true,
        };
    }
}
