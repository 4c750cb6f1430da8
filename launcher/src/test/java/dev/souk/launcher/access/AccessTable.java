package dev.souk.launcher.access;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Who gets which answer, as {@code access.txt} has it. */
final class AccessTable {
    private static final String FILE = "access.txt";

    /** Who asks. What is asked for is the owner's. */
    enum Actor {
        NOBODY,
        OTHER,
        OWNER,
        ADMIN
    }

    private final Map<String, Map<Actor, Integer>> rows = new LinkedHashMap<>();

    private AccessTable() {}

    static AccessTable load() {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(AccessTable.class.getResourceAsStream(FILE), StandardCharsets.UTF_8))) {
            return parse(lines.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException naming a row that is there twice or has a cell too few, too many or unreadable */
    static AccessTable parse(List<String> lines) {
        List<List<String>> rows = new ArrayList<>(lines.stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> List.of(line.strip().split("\\s+")))
                .toList());
        List<String> head = List.of("operation", "nobody", "other", "owner", "admin");
        if (rows.isEmpty() || !rows.removeFirst().equals(head)) {
            throw new IllegalArgumentException("the first row must be " + head);
        }
        AccessTable table = new AccessTable();
        rows.forEach(table::add);
        return table;
    }

    private void add(List<String> cells) {
        if (cells.size() != Actor.values().length + 1
                || !cells.stream().skip(1).allMatch(cell -> cell.matches("[1-5][0-9]{2}"))) {
            throw new IllegalArgumentException(cells.getFirst() + ": must have one status for each of "
                    + Arrays.toString(Actor.values()).toLowerCase(Locale.ROOT));
        }
        Map<Actor, Integer> row = new EnumMap<>(Actor.class);
        for (Actor actor : Actor.values()) {
            row.put(actor, Integer.parseInt(cells.get(actor.ordinal() + 1)));
        }
        if (rows.put(cells.getFirst(), row) != null) {
            throw new IllegalArgumentException(cells.getFirst() + ": has two rows");
        }
    }

    Set<String> operations() {
        return rows.keySet();
    }

    int expected(String operation, Actor actor) {
        return rows.get(operation).get(actor);
    }
}
