public import Honing
package import Hummingbird
public import Logging
public import ServiceLifecycle

/// The public face: predictions, feedback, health, metrics and the dashboard over TCP.
///
/// - Parameters:
///   - key: where given, every path but `/health`, `/ping` and `/metrics` asks for it as a bearer token.
///   - opened: is called once the port is bound.
public func publicServer(
    _ loop: Loop, settings: ServerSettings, key: String? = nil, log: Logger,
    opened: @escaping @Sendable () async -> Void = {}
) -> some Service {
    Listener(
        application: Application(
            router: publicRouter(loop, limits: settings.limits, key: key),
            configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: "honed"),
            onServerRunning: { _ in await opened() }, logger: log),
        place: "\(settings.host):\(settings.port)",
        remedy: "give server.host and server.port other values, or see with `ss -ltnp` who listens there")
}

/// The paths of the public face; tests drive them without a port.
package func publicRouter(_ loop: Loop, limits: ServerSettings.Limits, key: String? = nil) -> Router<
    HoneContext
> {
    let router = Router(context: HoneContext.self)
    router.add(middleware: RequestIdentity(loop: loop))
    router.add(middleware: ErrorMiddleware(loop: loop))
    HealthRoutes(loop: loop, limits: limits).add(to: router)
    MetricsRoutes(loop: loop).add(to: router)
    if let key { router.add(middleware: BearerKey(key: key)) }
    PredictRoutes(loop: loop, limits: limits).add(to: router)
    EmbeddingRoutes(loop: loop, limits: limits).add(to: router)
    FeedbackRoutes(loop: loop, limits: limits).add(to: router)
    DashboardRoutes(loop: loop).add(to: router)
    return router
}
