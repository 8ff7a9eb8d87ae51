using Microsoft.Extensions.Logging;

namespace Channels.AspNetCore.SocketIo.Speakap;

/// <summary>What the commands of all connections share.</summary>
/// <param name="Channels">The engine, for decisions about permissions.</param>
/// <param name="Authenticator">Checks tokens.</param>
/// <param name="Forms">How deliveries are spelled.</param>
/// <param name="Options">Settings.</param>
/// <param name="Instance">Instance that is served.</param>
/// <param name="Logger">Where failures of a store are logged.</param>
internal sealed record SpeakapServices(
    IChannels Channels, IChannelAuthenticator Authenticator, SpeakapForms Forms, SpeakapOptions Options, string Instance, ILogger Logger);
