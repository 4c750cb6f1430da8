package dev.souk.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The passwords of a folder's server, by role, in the file {@code secrets} that only its owner can read. */
final class Secrets {

    private static final int PASSWORD_BYTES = 32;

    private final Path file;
    private final SecureRandom random;

    Secrets(Path folder, SecureRandom random) {
        this.file = folder.resolve("secrets");
        this.random = random;
    }

    /** The role's password, or empty when none was kept. Read anew each time, since another process may have written. */
    Optional<String> of(String role) throws IOException {
        return Optional.ofNullable(read().get(role));
    }

    /** A password nobody can guess, made of characters that need no escaping in a URL. Not kept yet. */
    String fresh() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    void keep(String role, String password) throws IOException {
        Map<String, String> passwords = read();
        if (!password.equals(passwords.put(role, password))) {
            DurableFile.write(
                    file,
                    passwords.entrySet().stream()
                            .map(entry -> entry.getKey() + "=" + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
        }
    }

    Path file() {
        return file;
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> passwords = new TreeMap<>();
        try {
            for (String line : Files.readAllLines(file)) {
                int equals = line.indexOf('=');
                if (equals < 1) {
                    throw new IOException(file + " has a line that is not role=password");
                }
                passwords.put(line.substring(0, equals), line.substring(equals + 1));
            }
        } catch (NoSuchFileException e) {
            // The first start has none.
        }
        return passwords;
    }
}
