package dev.souk.kit.bus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import com.fasterxml.jackson.module.blackbird.BlackbirdModule;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * How records look as bytes: plain JSON without class names. A reader ignores fields that it does not know, so that two
 * versions can talk.
 */
public final class WireFormat {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new BlackbirdModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            // Numbers in a client's own attributes come back with all their digits.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private WireFormat() {}

    /** The mapper itself, for those who need trees or streams in the same format. */
    public static JsonMapper mapper() {
        return MAPPER;
    }

    /** @throws IllegalStateException if the value cannot be written, which is a bug */
    public static Buffer encode(Object value) {
        try {
            return Buffer.buffer(MAPPER.writeValueAsBytes(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass().getName(), e);
        }
    }

    /** @throws IllegalArgumentException if the bytes are not of that type */
    public static <T> T decode(Buffer bytes, Class<T> type) {
        try {
            T value = MAPPER.readValue(bytes.getBytes(), type);
            if (value == null) {
                throw new IllegalArgumentException("a JSON null is no " + type.getSimpleName());
            }
            return value;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a " + type.getSimpleName(), e);
        }
    }
}
