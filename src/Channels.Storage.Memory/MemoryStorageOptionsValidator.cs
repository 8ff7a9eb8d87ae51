using Microsoft.Extensions.Options;

namespace Channels.Storage.Memory;

internal sealed class MemoryStorageOptionsValidator : IValidateOptions<MemoryStorageOptions>
{
    private const long LeastBytes = 1024 * 1024;

    public ValidateOptionsResult Validate(string? name, MemoryStorageOptions options)
    {
        var errors = new ValidateOptionsResultBuilder();
        if (options.MaxBytes < LeastBytes)
        {
            errors.AddError("must be at least 1 MiB (1048576).", nameof(options.MaxBytes));
        }

        if (options.MaxIdempotencyKeys < 1)
        {
            errors.AddError("must be at least 1.", nameof(options.MaxIdempotencyKeys));
        }

        if (options.MaxEmptyAddresses < 0)
        {
            errors.AddError("must be at least 0.", nameof(options.MaxEmptyAddresses));
        }

        return errors.Build();
    }
}
