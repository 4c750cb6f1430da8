package dev.souk.kit.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named place between two effects, at which a test can end the JVM. They stand in the few primitives through which
 * every effect goes (commit, call, reply, a request to the outside), so that an effect without a crash point cannot be
 * written.
 *
 * <p>Off unless the environment names a folder in {@code SOUK_CRASH_POINTS}. Each point that is passed leaves a file
 * {@code passed/<name>} there; where a file {@code armed/<name>} lies, the JVM takes it away and ends on the spot.
 */
public final class CrashPoint {
    private static final Logger LOG = LoggerFactory.getLogger(CrashPoint.class);
    /** The environment variable that names the folder. */
    public static final String VARIABLE = "SOUK_CRASH_POINTS";

    private static final int EXIT_CODE = 137;
    private static final Path FOLDER = folder();
    private static final Set<String> PASSED = ConcurrentHashMap.newKeySet();

    private CrashPoint() {}

    /** Passes the place of this name, or ends here. */
    public static void pass(String effect, String name, String side) {
        if (FOLDER != null) {
            passInTest(effect + "." + name + "." + side);
        }
    }

    private static void passInTest(String name) {
        try {
            if (PASSED.add(name)) {
                Files.writeString(FOLDER.resolve("passed").resolve(name), "");
            }
            if (Files.deleteIfExists(FOLDER.resolve("armed").resolve(name))) {
                Runtime.getRuntime().halt(EXIT_CODE);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path folder() {
        String name = System.getenv(VARIABLE);
        if (name == null || name.isBlank()) {
            return null;
        }
        try {
            Path folder = Path.of(name);
            Files.createDirectories(folder.resolve("passed"));
            Files.createDirectories(folder.resolve("armed"));
            LOG.warn("crash points are on, in {}: this process may end at any of them", folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
