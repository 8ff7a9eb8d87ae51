using Microsoft.Extensions.Options;

namespace Channels.AspNetCore.PushStream.Dashly;

/// <summary>Checks every setting and reports all errors at once.</summary>
internal sealed class DashlyOptionsValidator : IValidateOptions<DashlyOptions>
{
    public ValidateOptionsResult Validate(string? name, DashlyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new ValidateOptionsResultBuilder();
        errors.Check(nameof(options.PingInterval), options.PingInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        foreach (var app in options.Apps)
        {
            if (!DashlyFamilies.IsNumber(app.Id))
            {
                errors.AddError($"'{app.Id}' is not the number of an application.", nameof(options.Apps));
            }
            else if (options.Apps.Count(other => other.Id == app.Id) > 1)
            {
                errors.AddError($"The application {app.Id} is listed twice.", nameof(options.Apps));
            }
        }

        return errors.Build();
    }
}
