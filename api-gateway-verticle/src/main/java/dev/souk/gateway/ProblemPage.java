package dev.souk.gateway;

import dev.souk.gateway.problem.ProblemCatalogue.Kind;

/** The page that a problem's type leads to. */
final class ProblemPage {
    private ProblemPage() {}

    static String text(Kind kind) {
        return "%s (%d)%n%n%s%n".formatted(kind.title(), kind.status(), kind.explanation());
    }

    static String html(Kind kind) {
        return """
                <!doctype html>
                <html lang="en">
                  <head>
                    <meta charset="utf-8">
                    <meta name="viewport" content="width=device-width, initial-scale=1">
                    <title>%1$s</title>
                  </head>
                  <body>
                    <h1>%1$s</h1>
                    <p>Status %2$d, type <code>/problems/%3$s</code></p>
                    <p>%4$s</p>
                    <p><a href="/docs">The whole contract</a></p>
                  </body>
                </html>
                """.formatted(escape(kind.title()), kind.status(), kind.slug(), escape(kind.explanation()));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
