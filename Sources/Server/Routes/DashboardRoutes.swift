import HTTPTypes
import Honing
import Hummingbird

/// `GET /`: the dashboard, and the one style sheet that it needs.
struct DashboardRoutes {
    let loop: Loop

    /// Nothing from elsewhere, no script, no frame around it.
    private static let policy =
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

    func add(to router: Router<HoneContext>) {
        router.get("/") { _, _ in
            let page = DashboardPage(status: try await loop.status(), report: try await loop.report())
            var response = Response.text(page.html, type: "text/html; charset=utf-8")
            response.headers[.contentSecurityPolicy] = Self.policy
            response.headers[.cacheControl] = "no-store"
            response.headers[.xContentTypeOptions] = "nosniff"
            return response
        }
        router.get("style.css") { _, _ in
            var response = Response.text(ReportStyle.css, type: "text/css; charset=utf-8")
            response.headers[.cacheControl] = "max-age=300"
            return response
        }
    }
}
