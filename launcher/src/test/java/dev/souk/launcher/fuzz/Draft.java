package dev.souk.launcher.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/** A request that is being made. */
final class Draft {
    private final String intended;
    String method;
    String path;
    final List<String> query = new ArrayList<>();
    final List<String> headers = new ArrayList<>();
    JsonNode document = JsonNodeFactory.instance.objectNode();
    byte[] body;

    Draft(String method, String path) {
        this.method = method;
        this.path = path;
        this.intended = path;
    }

    void header(String name, String value) {
        headers.add(name + ": " + value);
    }

    void without(String name) {
        headers.removeIf(line -> line.startsWith(name + ":"));
    }

    /** Whether the request still goes where it was meant to go. */
    boolean isFor(String operationMethod) {
        return method.equals(operationMethod)
                && path.matches(intended.replace(".", "\\.").replaceAll("\\{[A-Za-z]+}", "[^/]+"));
    }

    Shot shot(String operation, boolean forbidden) {
        String target = query.isEmpty() ? path : path + "?" + String.join("&", query);
        return new Shot(operation, method, target, List.copyOf(headers), body, forbidden);
    }
}
