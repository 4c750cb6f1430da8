package dev.souk.kit.event;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which services are told of which events of one source.
 *
 * @param typesByReceiver the types of events that each receiver wants, by its name on the bus
 */
public record Routes(Map<String, Set<String>> typesByReceiver) {
    public Routes {
        typesByReceiver = Map.copyOf(typesByReceiver);
    }

    /** Who is told at all. */
    public Set<String> receivers() {
        return typesByReceiver.keySet();
    }

    /** What a receiver is told of. */
    public Set<String> types(String receiver) {
        return typesByReceiver.get(receiver);
    }

    /** The receivers of each pair of receiver and type; bind them beside {@link #pairedTypes()} as arrays of one length. */
    public String[] pairedReceivers() {
        return pairs().stream().map(Pair::receiver).toArray(String[]::new);
    }

    /** The types of each pair of receiver and type. */
    public String[] pairedTypes() {
        return pairs().stream().map(Pair::type).toArray(String[]::new);
    }

    private record Pair(String receiver, String type) {}

    private List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        typesByReceiver.forEach((receiver, types) -> types.forEach(type -> pairs.add(new Pair(receiver, type))));
        return pairs;
    }
}
