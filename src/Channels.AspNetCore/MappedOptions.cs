using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Channels.AspNetCore;

/// <summary>What every <c>MapX</c> does before it maps.</summary>
internal static class MappedOptions
{
    /// <summary>Makes the settings of one mapping: those configured in the services, changed, and valid.</summary>
    /// <param name="services">Services of the application.</param>
    /// <param name="mapping">The method that maps, such as <c>MapChannelEndpoints</c>, for the message to whoever forgot a call.</param>
    /// <param name="configure">Changes the settings.</param>
    /// <param name="validator">Checks them.</param>
    /// <exception cref="InvalidOperationException"><c>AddChannels</c> was not called.</exception>
    /// <exception cref="OptionsValidationException">A setting is out of range.</exception>
    public static TOptions Read<TOptions>(
        IServiceProvider services, string mapping, Action<TOptions> configure, IValidateOptions<TOptions> validator)
        where TOptions : class, new()
    {
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(IChannels)) != true)
        {
            throw new InvalidOperationException($"Channels are not registered. Call 'builder.Services.AddChannels()' before 'app.{mapping}()'.");
        }

        // A fresh instance: each mapping has settings of its own.
        var options = services.GetService<IOptionsFactory<TOptions>>()?.Create(Options.DefaultName) ?? new();
        configure(options);
        var result = validator.Validate(Options.DefaultName, options);
        return result.Failed ? throw new OptionsValidationException(Options.DefaultName, typeof(TOptions), result.Failures) : options;
    }
}
