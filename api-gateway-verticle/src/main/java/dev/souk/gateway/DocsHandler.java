package dev.souk.gateway;

import dev.souk.contracts.Fault;
import dev.souk.gateway.contract.Contract;
import dev.souk.gateway.http.Answer;
import dev.souk.gateway.http.ApiRequest;
import dev.souk.gateway.problem.ProblemCatalogue;
import dev.souk.gateway.problem.ProblemCatalogue.Kind;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/** The contract, the page to browse it with, and the pages that explain problems, over HTTP. */
final class DocsHandler {
    private static final String CACHED = "public, max-age=3600";
    private static final String CSP = "Content-Security-Policy";

    /** The page runs its own scripts, calls this gateway, and sets styles of its own in its elements. */
    private static final String DOCS_POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Contract contract;
    private final ProblemCatalogue problems;
    private final DocsFiles files;

    DocsHandler(Contract contract, ProblemCatalogue problems, DocsFiles files) {
        this.contract = contract;
        this.problems = problems;
        this.files = files;
    }

    Future<Answer> yaml(ApiRequest request) {
        return cached(Answer.content("application/yaml", Buffer.buffer(contract.yaml())));
    }

    Future<Answer> json(ApiRequest request) {
        return cached(Answer.content("application/json", Buffer.buffer(contract.json())));
    }

    Future<Answer> page(ApiRequest request) {
        return file("index.html");
    }

    Future<Answer> file(ApiRequest request) {
        return file(request.required("file"));
    }

    Future<Answer> problem(ApiRequest request) {
        Kind kind = problems.find(request.required("slug")).orElseThrow(() -> Fault.notFound("problem"));
        return cached(
                request.accepted().equals("text/plain")
                        ? Answer.content("text/plain; charset=utf-8", Buffer.buffer(ProblemPage.text(kind)))
                        : Answer.content("text/html; charset=utf-8", Buffer.buffer(ProblemPage.html(kind))));
    }

    private Future<Answer> file(String name) {
        Optional<DocsFiles.DocsFile> file = files.find(name);
        return cached(
                file.map(found -> Answer.content(found.type(), found.content()).with(CSP, DOCS_POLICY))
                        .orElseThrow(() -> Fault.notFound("file")));
    }

    private static Future<Answer> cached(Answer answer) {
        return Future.succeededFuture(answer.with("Cache-Control", CACHED));
    }
}
