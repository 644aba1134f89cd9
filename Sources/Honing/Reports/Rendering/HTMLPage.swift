extension HTML {
    /// A page of sections that is one file: nothing is loaded from anywhere, so it can be mailed, printed and opened in
    /// ten years.
    static func page(title: String, _ sections: [HTML]) -> HTML {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>\(title)</title>
        <style>\(HTML(trusted: ReportStyle.css))</style></head>
        <body><main>\(sections)</main></body></html>

        """
    }
}
