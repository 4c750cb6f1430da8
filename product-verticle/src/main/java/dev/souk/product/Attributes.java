package dev.souk.product;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.souk.contracts.Fault;
import dev.souk.kit.bus.WireFormat;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * The free part of a product, as the JSON text that is stored. PostgreSQL keeps numbers as decimals and writes them without
 * an exponent; they are written and read the same way here, so that what comes back is the number that went in.
 *
 * @param json a JSON object of 8 KiB at most
 */
record Attributes(String json) {
    static final int MAX_BYTES = 8 * 1024;

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final JsonMapper EXACT = WireFormat.mapper()
            .rebuild()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .addModule(new SimpleModule().addSerializer(new PlainDouble()))
            .build();

    /** @throws Fault {@code INVALID_REQUEST} if it is too large or holds what cannot be stored */
    static Attributes of(Map<String, Object> values) {
        String json = write(values);
        // Counted as it is stored: 1e300 is five characters on the way in and three hundred on the way out.
        if (json.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw Fault.invalid("/attributes", "must be 8 KiB of JSON at most, with numbers written out");
        }
        return new Attributes(json);
    }

    /** The values of what is stored. */
    Map<String, Object> values() {
        try {
            return EXACT.readValue(json, OBJECT);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("stored attributes cannot be read", e);
        }
    }

    private static String write(Map<String, Object> values) {
        try {
            return EXACT.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw Fault.invalid("/attributes", "holds a value that cannot be stored");
        }
    }

    private static final class PlainDouble extends StdSerializer<Double> {
        private static final long serialVersionUID = 1L;

        PlainDouble() {
            super(Double.class);
        }

        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider provider) throws IOException {
            if (!Double.isFinite(value)) {
                provider.reportMappingProblem("%s is not a number of JSON", value);
            }
            json.writeNumber(new BigDecimal(value.toString()));
        }
    }
}
