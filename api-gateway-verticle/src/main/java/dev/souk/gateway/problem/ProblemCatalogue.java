package dev.souk.gateway.problem;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The kinds of problem that a client may be told, each with its status and words, as {@code problems.yaml} has them. */
public final class ProblemCatalogue {
    private static final String FILE = "/problems.yaml";

    /**
     * One kind of problem.
     *
     * @param slug its name, the end of its type
     * @param explanation what it means and what to do about it
     */
    public record Kind(String slug, int status, String title, String explanation) {}

    private final Map<String, Kind> kinds;

    private ProblemCatalogue(Map<String, Kind> kinds) {
        this.kinds = Collections.unmodifiableMap(kinds);
    }

    /** Reads the catalogue. Blocks. @throws UncheckedIOException if it cannot be read, which stops the start */
    public static ProblemCatalogue load() {
        try (InputStream in = ProblemCatalogue.class.getResourceAsStream(FILE)) {
            Map<String, Kind> kinds = new LinkedHashMap<>();
            List<Kind> listed = new YAMLMapper().readValue(in, new TypeReference<>() {});
            listed.forEach(kind -> kinds.put(kind.slug(), kind));
            return new ProblemCatalogue(kinds);
        } catch (IOException e) {
            throw new UncheckedIOException("problems.yaml cannot be read", e);
        }
    }

    /** @throws IllegalStateException if there is no such kind, which is a bug */
    public Kind kind(String slug) {
        return find(slug).orElseThrow(() -> new IllegalStateException("problems.yaml has no '" + slug + "'"));
    }

    public Optional<Kind> find(String slug) {
        return Optional.ofNullable(kinds.get(slug));
    }

    public Collection<Kind> all() {
        return kinds.values();
    }
}
