package dev.souk.kit.bus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The golden files: how each message looks on the wire, one folder for each version of the wire. Files are never changed
 * once a version has run anywhere; a message that changes gets a file in the next folder.
 */
final class Golden {
    private static final Path FOLDER = folder();

    private Golden() {}

    /** The versions, oldest first. */
    static List<Path> versions() {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.sorted(Comparator.comparing(folder ->
                            Integer.parseInt(folder.getFileName().toString().substring(1))))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the messages that have a file in this version. */
    static List<String> names(Path version) {
        try (Stream<Path> files = Files.list(version)) {
            return files.map(file -> file.getFileName().toString())
                    .map(name -> name.substring(0, name.length() - ".json".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode read(Path version, String name) {
        try {
            return WireFormat.mapper().readTree(version.resolve(name + ".json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The newest file of a message. @throws AssertionError saying what to put into it if there is none */
    static JsonNode newest(String name, JsonNode current) {
        return versions().reversed().stream()
                .filter(version -> Files.exists(version.resolve(name + ".json")))
                .findFirst()
                .map(version -> read(version, name))
                .orElseThrow(() -> new AssertionError(name
                        + " has no golden file. If it is meant to be sent, save this as "
                        + "kit/src/test/resources/golden/"
                        + versions().getLast().getFileName() + "/" + name + ".json:\n" + current.toPrettyString()));
    }

    /** A value as it is written, read back as a tree. */
    static JsonNode written(Object value) {
        try {
            return WireFormat.mapper().readTree(WireFormat.encode(value).getBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Buffer bytes(JsonNode tree) {
        try {
            return Buffer.buffer(WireFormat.mapper().writeValueAsBytes(tree));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What differs between a golden file and the wire, a line each; empty if they are the same. */
    static List<String> differences(JsonNode golden, JsonNode wire) {
        List<String> found = new ArrayList<>();
        compare("", golden, wire, found);
        return found;
    }

    /** What an older file says and the wire no longer does: fields that are gone are forgiven, other values are not. */
    static List<String> contradictions(JsonNode older, JsonNode wire) {
        return differences(older, wire).stream()
                .filter(difference -> !difference.startsWith("gone") && !difference.startsWith("new"))
                .toList();
    }

    /** The tree with a field that nobody knows in each object that is a record. */
    static JsonNode withUnknownFields(JsonNode tree, Object value) {
        JsonNode copy = tree.deepCopy();
        addUnknownFields(copy, value);
        return copy;
    }

    private static void addUnknownFields(JsonNode node, Object value) {
        if (value instanceof Record known && node instanceof ObjectNode object) {
            for (RecordComponent component : known.getClass().getRecordComponents()) {
                addUnknownFields(object.path(component.getName()), valueOf(component, known));
            }
            object.putObject("ofANewerVersion").put("deep", true);
        } else if (value instanceof List<?> items && node instanceof ArrayNode array) {
            for (int index = 0; index < items.size(); index++) {
                addUnknownFields(array.get(index), items.get(index));
            }
        }
    }

    private static Object valueOf(RecordComponent component, Record owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static void compare(String pointer, JsonNode golden, JsonNode wire, List<String> found) {
        if (golden instanceof ObjectNode from && wire instanceof ObjectNode to) {
            from.fieldNames()
                    .forEachRemaining(name -> compareField(pointer + "/" + name, from.get(name), to.get(name), found));
            to.fieldNames().forEachRemaining(name -> {
                if (!from.has(name)) {
                    found.add("new on the wire: " + pointer + "/" + name + " = " + to.get(name));
                }
            });
        } else if (golden instanceof ArrayNode from && wire instanceof ArrayNode to && from.size() == to.size()) {
            for (int index = 0; index < from.size(); index++) {
                compare(pointer + "/" + index, from.get(index), to.get(index), found);
            }
        } else if (!golden.equals(wire)) {
            found.add("changed on the wire: " + pointer + " was " + golden + " and is " + wire);
        }
    }

    private static void compareField(String pointer, JsonNode golden, JsonNode wire, List<String> found) {
        if (wire == null) {
            found.add("gone from the wire: " + pointer + " = " + golden);
        } else {
            compare(pointer, golden, wire, found);
        }
    }

    private static Path folder() {
        try {
            return Path.of(Golden.class.getResource("/golden").toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
