package dev.souk.kit.bus;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * A message between two services of one node: the record itself, which nobody can change. Only what leaves the node is
 * written as bytes.
 */
record Local(Object value) {
    private static final String CODEC = "souk-local";

    /** Lets the bus of this node carry such messages. */
    static void allow(Vertx vertx) {
        try {
            vertx.eventBus().registerDefaultCodec(Local.class, new Codec());
        } catch (IllegalStateException e) {
            // Another part of this node has said so before.
        }
    }

    /** What a message says, however it came. @throws IllegalArgumentException if it is not of that type */
    static <T> T read(Object body, Class<T> type) {
        if (body instanceof Local(Object value)) {
            if (!type.isInstance(value)) {
                throw new IllegalArgumentException("not a " + type.getSimpleName());
            }
            return type.cast(value);
        }
        return WireFormat.decode((Buffer) body, type);
    }

    private static final class Codec implements MessageCodec<Local, Local> {
        @Override
        public void encodeToWire(Buffer buffer, Local message) {
            throw new UnsupportedOperationException("a message for this node only was sent to another");
        }

        @Override
        public Local decodeFromWire(int position, Buffer buffer) {
            throw new UnsupportedOperationException("a message for one node only came from another");
        }

        @Override
        public Local transform(Local message) {
            return message;
        }

        @Override
        public String name() {
            return CODEC;
        }

        @Override
        public byte systemCodecID() {
            return -1;
        }
    }
}
