package dev.souk.gateway.http;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.souk.contracts.Fault.Violation;
import dev.souk.gateway.problem.Problem;
import dev.souk.gateway.problem.ProblemCatalogue.Kind;
import java.util.List;
import java.util.Map;

/** A problem as it goes to the client (RFC 9457). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record ProblemDocument(
        String type,
        String title,
        int status,
        String detail,
        String instance,
        List<Violation> errors,
        @JsonAnyGetter Map<String, Object> members) {
    private static final String MEDIA_TYPE = "application/problem+json";

    /** The answer that tells a problem. */
    static Answer answer(Problem problem, Kind kind, String requestId) {
        ProblemDocument document = new ProblemDocument(
                "/problems/" + kind.slug(),
                kind.title(),
                kind.status(),
                problem.detail(),
                problem.instance().orElse(requestId),
                problem.errors(),
                problem.members());
        return Answer.json(kind.status(), MEDIA_TYPE, document);
    }
}
