package dev.souk.gateway.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.souk.contracts.Fault.Violation;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A parameter of an operation.
 *
 * @param where it stands
 * @param missing the problem that is told when it is required and missing; empty for an invalid request like any other
 * @param fallback what holds when it is not given
 * @param integer whether its text stands for a number
 * @param repeatable whether a header may come in several lines
 */
record ContractParameter(
        String name,
        Place where,
        boolean required,
        Optional<String> missing,
        Optional<JsonNode> fallback,
        boolean integer,
        boolean repeatable,
        InputSchema schema) {
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    enum Place {
        PATH,
        QUERY,
        HEADER
    }

    /** The text as the type that the schema asks for, or as it is if it is not of that type. */
    JsonNode value(String text) {
        return integer && INTEGER.matcher(text).matches()
                ? JsonNodeFactory.instance.numberNode(Long.parseLong(text))
                : JsonNodeFactory.instance.textNode(text);
    }

    List<Violation> check(JsonNode value) {
        return schema.check(value).stream()
                .map(violation -> new Violation(name, violation.detail()))
                .toList();
    }
}
