namespace Channels;

/// <summary>A typed field that the objects of a class have.</summary>
/// <param name="Name">1–64 ASCII letters, digits and <c>_</c>, starting with a letter; not one of the names that every object has.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Target">Class of what a reference or relation points to, or <c>self</c>; only with these.</param>
public sealed record ObjectField(string Name, ObjectFieldType Type, string? Target = null);
