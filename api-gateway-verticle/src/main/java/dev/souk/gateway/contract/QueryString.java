package dev.souk.gateway.contract;

import dev.souk.contracts.Fault;
import dev.souk.contracts.Fault.Violation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a query. */
final class QueryString {
    private static final int MAX_PARAMETERS = 100;

    private QueryString() {}

    /**
     * @param query what follows the question mark; null if there is none
     * @throws Fault {@code INVALID_REQUEST} if it is not well-formed or names a parameter twice
     */
    static Map<String, String> parse(String query) {
        if (query == null || query.isEmpty()) {
            return Map.of();
        }
        Map<String, String> values = new HashMap<>();
        for (String pair : query.split("&", MAX_PARAMETERS + 1)) {
            if (values.size() == MAX_PARAMETERS) {
                throw invalid("query", "has more than " + MAX_PARAMETERS + " parameters");
            }
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            String value = decode(equals < 0 ? "" : pair.substring(equals + 1));
            if (!pair.isEmpty() && values.put(name, value) != null) {
                throw invalid(Pointers.shown(name), "must be there only once");
            }
        }
        return values;
    }

    private static String decode(String encoded) {
        String text = Percent.decode(encoded, true)
                .orElseThrow(() -> invalid("query", "is not well-formed percent-encoded UTF-8"));
        if (!StorableText.isStorable(text)) {
            throw invalid("query", StorableText.REFUSAL);
        }
        return text;
    }

    private static Fault invalid(String pointer, String detail) {
        return Fault.of(
                Fault.Code.INVALID_REQUEST, "The query cannot be used.", List.of(new Violation(pointer, detail)));
    }
}
