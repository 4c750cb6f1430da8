package dev.souk.kit.bus;

/**
 * A message as it may stand on the wire.
 *
 * @param name of its golden file
 * @param type as which it is read
 * @param sample the value that its golden file of this version holds
 */
record WireMessage(String name, Class<?> type, Object sample) {
    @Override
    public String toString() {
        return name;
    }
}
