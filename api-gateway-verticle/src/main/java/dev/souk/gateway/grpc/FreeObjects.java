package dev.souk.gateway.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.souk.contracts.Fault;

/** JSON objects of any form as protobuf has them. */
final class FreeObjects {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    /** Up to here every whole number has a double of its own. */
    private static final double EXACT = 1L << 53;

    private FreeObjects() {}

    /** @throws Fault {@code INVALID_REQUEST} for a number that JSON does not have */
    static ObjectNode write(Struct struct) {
        ObjectNode object = JSON.objectNode();
        struct.getFieldsMap().forEach((name, value) -> object.set(name, write(value)));
        return object;
    }

    static Struct read(JsonNode object) {
        Struct.Builder struct = Struct.newBuilder();
        object.properties().forEach(field -> struct.putFields(field.getKey(), value(field.getValue())));
        return struct.build();
    }

    private static JsonNode write(Value value) {
        return switch (value.getKindCase()) {
            case NULL_VALUE, KIND_NOT_SET -> JSON.nullNode();
            case NUMBER_VALUE -> number(value.getNumberValue());
            case STRING_VALUE -> JSON.textNode(value.getStringValue());
            case BOOL_VALUE -> JSON.booleanNode(value.getBoolValue());
            case STRUCT_VALUE -> write(value.getStructValue());
            case LIST_VALUE -> write(value.getListValue());
        };
    }

    private static ArrayNode write(ListValue list) {
        ArrayNode array = JSON.arrayNode();
        list.getValuesList().forEach(value -> array.add(write(value)));
        return array;
    }

    private static JsonNode number(double number) {
        if (!Double.isFinite(number)) {
            throw Fault.invalid("", "holds a number that is not finite");
        }
        boolean whole = number == Math.rint(number) && Math.abs(number) <= EXACT;
        return whole ? JSON.numberNode((long) number) : JSON.numberNode(number);
    }

    private static Value value(JsonNode node) {
        Value.Builder value = Value.newBuilder();
        return switch (node.getNodeType()) {
            case OBJECT -> value.setStructValue(read(node)).build();
            case ARRAY -> value.setListValue(list(node)).build();
            case NUMBER -> value.setNumberValue(node.doubleValue()).build();
            case STRING -> value.setStringValue(node.textValue()).build();
            case BOOLEAN -> value.setBoolValue(node.booleanValue()).build();
            case NULL, MISSING, BINARY, POJO ->
                value.setNullValue(NullValue.NULL_VALUE).build();
        };
    }

    private static ListValue list(JsonNode array) {
        ListValue.Builder list = ListValue.newBuilder();
        array.forEach(element -> list.addValues(value(element)));
        return list.build();
    }
}
