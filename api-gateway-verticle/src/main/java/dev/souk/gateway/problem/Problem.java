package dev.souk.gateway.problem;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a client is told when a request is not carried out: a kind out of {@link ProblemCatalogue} and what is particular
 * to this time.
 *
 * @param slug the kind
 * @param detail what went wrong this time, in words for the client
 * @param instance the request it went wrong in first; empty for the one that is answered
 * @param errors what is wrong with the input
 * @param members further members of the document
 * @param headers headers of the answer
 */
public record Problem(
        String slug,
        String detail,
        Optional<String> instance,
        List<Violation> errors,
        Map<String, Object> members,
        Map<String, String> headers) {

    public Problem {
        Objects.requireNonNull(slug, "slug");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(instance, "instance");
        errors = List.copyOf(errors);
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        headers = Map.copyOf(headers);
    }

    public static Problem of(String slug, String detail) {
        return new Problem(slug, detail, Optional.empty(), List.of(), Map.of(), Map.of());
    }

    /** A refused operation as a problem. */
    static Problem of(Fault fault, String slug, String detail) {
        return new Problem(slug, detail, Optional.empty(), fault.violations(), Map.of(), Map.of());
    }

    /** The same, as it was told in an earlier request. */
    public Problem firstToldIn(String requestId) {
        return new Problem(slug, detail, Optional.of(requestId), errors, members, headers);
    }

    public Problem withMember(String name, Object value) {
        return new Problem(slug, detail, instance, errors, with(members, name, value), headers);
    }

    public Problem withHeader(String name, String value) {
        return new Problem(slug, detail, instance, errors, members, with(headers, name, value));
    }

    /** As something that can be thrown. */
    public Refusal refusal() {
        return new Refusal(this);
    }

    private static <T> Map<String, T> with(Map<String, T> map, String name, T value) {
        Map<String, T> more = new LinkedHashMap<>(map);
        more.put(name, value);
        return more;
    }
}
