package dev.souk.launcher.verify;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The invariants as they stand in {@code invariants.sql}.
 *
 * @param copies what is compared, and where it comes from
 * @param checks what must hold
 */
record Invariants(List<Copy> copies, List<Check> checks) {
    private static final String FILE = "invariants.sql";
    private static final Pattern HEADING = Pattern.compile("(?m)^--: (copy|check) (.*)$");
    private static final Pattern COMMENT = Pattern.compile("(?m)^--.*$");
    private static final Pattern COPY = Pattern.compile("([a-z]+) ([a-z_]+)");
    private static final Pattern CHECK = Pattern.compile("([0-9]) (.*?)( \\(may be empty\\))?");

    Invariants {
        copies = List.copyOf(copies);
        checks = List.copyOf(checks);
        if (copies.isEmpty() || checks.isEmpty()) {
            throw new IllegalArgumentException(FILE + " says nothing");
        }
    }

    /** @param service whose database the query is for, and into which table its rows go */
    record Copy(String service, String table, String query) {}

    /**
     * @param number of the invariant
     * @param mayBeEmpty whether there may be nothing to compare
     * @param query lists what is compared and whether the invariant holds for it
     */
    record Check(int number, String title, boolean mayBeEmpty, String query) {}

    static Invariants read() {
        try (InputStream file = Invariants.class.getResourceAsStream(FILE)) {
            return parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Invariants parse(String text) {
        List<Copy> copies = new ArrayList<>();
        List<Check> checks = new ArrayList<>();
        Matcher heading = HEADING.matcher(text);
        Optional<Map.Entry<String, String>> open = Optional.empty();
        int from = 0;
        while (heading.find()) {
            String before = text.substring(from, heading.start());
            open.ifPresent(section -> add(section.getKey(), section.getValue(), before, copies, checks));
            open = Optional.of(Map.entry(heading.group(1), heading.group(2).strip()));
            from = heading.end();
        }
        String last = text.substring(from);
        open.ifPresent(section -> add(section.getKey(), section.getValue(), last, copies, checks));
        return new Invariants(copies, checks);
    }

    private static void add(String kind, String title, String query, List<Copy> copies, List<Check> checks) {
        Matcher parts = (kind.equals("copy") ? COPY : CHECK).matcher(title);
        if (!parts.matches()) {
            throw new IllegalArgumentException(FILE + ": '" + title + "' is no heading of a " + kind);
        }
        String sql = COMMENT.matcher(query).replaceAll("").strip();
        if (kind.equals("copy")) {
            copies.add(new Copy(parts.group(1), parts.group(2), sql));
        } else {
            checks.add(new Check(Integer.parseInt(parts.group(1)), parts.group(2), parts.group(3) != null, sql));
        }
    }
}
