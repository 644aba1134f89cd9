import HTTPTypes
import Honing
import Hummingbird

/// `GET /metrics` for Prometheus.
struct MetricsRoutes {
    let loop: Loop

    func add(to router: Router<HoneContext>) {
        router.get("metrics") { _, _ in
            Response.text(
                prometheusText(try await loop.status(), loop.predictor.statistics.snapshot),
                type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }
}
