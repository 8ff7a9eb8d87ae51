namespace Channels.Engine;

/// <summary>SHA-256 of the keys that a caller came with.</summary>
internal readonly record struct SecretPair(UInt128 Left, UInt128 Right);
