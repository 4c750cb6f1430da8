package dev.souk.kit.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where settings come from: what the operator set, then what the launcher worked out (for example the addresses of the
 * embedded databases), then each setting's own default. Read once, at the start.
 */
public final class Environment {
    private static final String SET = "environment";
    private static final String DEFAULT = "default";

    private record Entry(String value, String source) {}

    private final Map<String, Entry> entries;

    private Environment(Map<String, Entry> entries) {
        this.entries = Map.copyOf(entries);
    }

    /** What the operator set; empty values count as not set. */
    public static Environment of(Map<String, String> variables) {
        Map<String, Entry> entries = new HashMap<>();
        variables.forEach((name, value) -> {
            if (!value.isBlank()) {
                entries.put(name, new Entry(value.strip(), SET));
            }
        });
        return new Environment(entries);
    }

    /** The same with values for what is not set yet, and where they come from. */
    public Environment withFallbacks(Map<String, String> values, String source) {
        Map<String, Entry> merged = new HashMap<>(entries);
        values.forEach((name, value) -> merged.putIfAbsent(name, new Entry(value, source)));
        return new Environment(merged);
    }

    /** The value of a setting. @throws ConfigurationException if it is not set and has no default, or is not usable */
    public <T> T get(Setting<T> setting) {
        return find(setting)
                .orElseThrow(
                        () -> new ConfigurationException(setting.name() + ": must be set (" + setting.about() + ")"));
    }

    /** The value of a setting that may be unset. @throws ConfigurationException if it is not usable */
    public <T> Optional<T> find(Setting<T> setting) {
        String text = text(setting);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(setting.parse().apply(text));
        } catch (IllegalArgumentException e) {
            String shown = setting.secret() ? "" : " '" + text + "'";
            throw new ConfigurationException(setting.name() + shown + ": " + e.getMessage());
        }
    }

    /** The value as text, masked if it is a secret; empty if it is unset. */
    public String shown(Setting<?> setting) {
        String text = text(setting);
        return setting.secret() && !text.isEmpty() ? "***" : text;
    }

    /** Where the value comes from, in a word or two. */
    public String source(Setting<?> setting) {
        Entry entry = entries.get(setting.name());
        return entry == null ? DEFAULT : entry.source();
    }

    /** The names of all variables that begin with a prefix and were set by the operator. */
    public Set<String> setNames(String prefix) {
        return entries.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix)
                        && entry.getValue().source().equals(SET))
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    private String text(Setting<?> setting) {
        Entry entry = entries.get(setting.name());
        return entry == null ? setting.fallback() : entry.value();
    }
}
