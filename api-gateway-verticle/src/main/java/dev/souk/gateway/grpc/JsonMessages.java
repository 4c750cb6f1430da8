package dev.souk.gateway.grpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * Messages as the JSON of the HTTP contract, and back. Not protobuf's own JSON, which has 64-bit numbers as text and leaves
 * out what is zero: here a number is a number, a field without presence is always there, and a constant is called what it is
 * called without the name of its type ({@code ORDER_STATUS_PENDING} is {@code "PENDING"}).
 */
final class JsonMessages {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private JsonMessages() {}

    /** What is set. @throws Fault {@code INVALID_REQUEST} for a number that JSON does not have */
    static ObjectNode write(Message message) {
        ObjectNode object = JSON.objectNode();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (isSaid(message, field)) {
                object.set(field.getJsonName(), write(field, message.getField(field)));
            }
        }
        return object;
    }

    /**
     * A message with what the JSON has for its fields. Other members, nulls and constants that it does not know are passed
     * over.
     */
    static <T extends Message> T read(JsonNode json, T prototype) {
        Message.Builder builder = prototype.newBuilderForType();
        for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
            JsonNode value = json.path(field.getJsonName());
            if (field.isRepeated()) {
                value.forEach(element -> builder.addRepeatedField(field, read(field, element, builder)));
            } else if (!value.isMissingNode() && !value.isNull()) {
                builder.setField(field, read(field, value, builder));
            }
        }
        @SuppressWarnings("unchecked") // A builder builds what made it.
        T message = (T) builder.build();
        return message;
    }

    /** A constant of number zero says nothing. */
    private static boolean isSaid(Message message, FieldDescriptor field) {
        if (field.isRepeated()) {
            return true;
        }
        if (field.hasPresence()) {
            return message.hasField(field);
        }
        return field.getJavaType() != JavaType.ENUM || ((EnumValueDescriptor) message.getField(field)).getNumber() != 0;
    }

    private static JsonNode write(FieldDescriptor field, Object value) {
        if (field.isRepeated() && value instanceof List<?> elements) {
            ArrayNode array = JSON.arrayNode();
            elements.forEach(element -> array.add(writeOne(element)));
            return array;
        }
        return writeOne(value);
    }

    private static JsonNode writeOne(Object value) {
        return switch (value) {
            case Message message
            when message.getDescriptorForType() == Struct.getDescriptor() ->
                FreeObjects.write(Struct.newBuilder().mergeFrom(message).build());
            case Message message -> write(message);
            case EnumValueDescriptor constant -> TextNode.valueOf(shortName(constant));
            case String text -> TextNode.valueOf(text);
            case Boolean truth -> BooleanNode.valueOf(truth);
            case Integer number -> LongNode.valueOf(number);
            case Long number -> LongNode.valueOf(number);
            default -> throw new IllegalStateException("no request has a " + value.getClass());
        };
    }

    private static Object read(FieldDescriptor field, JsonNode value, Message.Builder parent) {
        return switch (field.getJavaType()) {
            case INT -> value.intValue();
            case LONG -> value.longValue();
            case BOOLEAN -> value.booleanValue();
            case STRING -> value.asText();
            case ENUM -> constant(field.getEnumType(), value.asText());
            case MESSAGE -> message(parent.newBuilderForField(field).getDefaultInstanceForType(), value);
            case FLOAT, DOUBLE, BYTE_STRING -> throw new IllegalStateException("no reply has a " + field.getFullName());
        };
    }

    private static Message message(Message prototype, JsonNode value) {
        if (prototype.getDescriptorForType() == Timestamp.getDescriptor()) {
            return timestamp(Instant.parse(value.asText()));
        }
        return prototype.getDescriptorForType() == Struct.getDescriptor()
                ? FreeObjects.read(value)
                : read(value, prototype);
    }

    private static Timestamp timestamp(Instant time) {
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    private static EnumValueDescriptor constant(EnumDescriptor type, String name) {
        EnumValueDescriptor constant = type.findValueByName(prefix(type) + name.toUpperCase(Locale.ROOT));
        return constant == null ? type.findValueByNumber(0) : constant;
    }

    /** One that is not known keeps a name that nobody knows. */
    private static String shortName(EnumValueDescriptor constant) {
        String prefix = prefix(constant.getType());
        return constant.getName().startsWith(prefix)
                ? constant.getName().substring(prefix.length())
                : constant.getName();
    }

    private static String prefix(EnumDescriptor type) {
        return type.getName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
    }
}
