package dev.souk.kit.event;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.souk.contracts.Event;
import dev.souk.kit.bus.WireFormat;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Between the events of the contracts, which are sealed interfaces of records, and events on their way. */
public final class EventFormat {
    private static final String TYPE = "type";
    private static final TypeReference<Map<String, Object>> FIELDS = new TypeReference<>() {};

    private EventFormat() {}

    /** All types of events that a contract knows. */
    public static Set<String> types(Class<?> contract) {
        return named(contract).map(JsonSubTypes.Type::name).collect(Collectors.toSet());
    }

    /** The type of an event, as it is written. */
    public static String type(Class<? extends Record> event) {
        return Arrays.stream(event.getInterfaces())
                .filter(contract -> contract.isAnnotationPresent(JsonSubTypes.class))
                .flatMap(EventFormat::named)
                .filter(named -> named.value() == event)
                .map(JsonSubTypes.Type::name)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(event.getName() + " is no event"));
    }

    /** What an event says beside its type: equal to what is read back of it from a database or a wire. */
    public static Map<String, Object> data(Record event) {
        Map<String, Object> fields =
                new HashMap<>(fields(WireFormat.encode(event).toString()));
        fields.remove(TYPE);
        return fields;
    }

    /** The data of an event as it is stored. */
    public static Map<String, Object> fields(String json) {
        try {
            return WireFormat.mapper().readValue(json, FIELDS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an event's data is no JSON object", e);
        }
    }

    /** @throws IllegalArgumentException if it is not of that contract */
    public static <T> T read(Event event, Class<T> contract) {
        Map<String, Object> fields = new HashMap<>(event.data());
        fields.put(TYPE, event.type());
        return WireFormat.mapper().convertValue(fields, contract);
    }

    private static Stream<JsonSubTypes.Type> named(Class<?> contract) {
        return Arrays.stream(contract.getAnnotation(JsonSubTypes.class).value());
    }
}
