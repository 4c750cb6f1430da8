package dev.souk.postgres;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What this machine offers: binaries exist for glibc Linux on amd64 and arm64, and root needs user namespaces. */
enum Platform {
    AMD64("postgres-linux-x86_64.txz", Path.of("/lib64/ld-linux-x86-64.so.2")),
    ARM64("postgres-linux-arm_64.txz", Path.of("/lib/ld-linux-aarch64.so.1"));

    private static final Path NAMESPACES = Path.of("/proc/sys/user/max_user_namespaces");

    private final String archive;
    private final Path loader;

    Platform(String archive, Path loader) {
        this.archive = archive;
        this.loader = loader;
    }

    /** The class path resource that holds the binaries. */
    String archive() {
        return archive;
    }

    static Optional<Platform> of(String os, String arch) {
        if (!os.toLowerCase(Locale.ROOT).startsWith("linux")) {
            return Optional.empty();
        }
        return switch (arch) {
            case "amd64", "x86_64" -> Optional.of(AMD64);
            case "aarch64", "arm64" -> Optional.of(ARM64);
            default -> Optional.empty();
        };
    }

    static Platform here() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"))
                .orElseThrow(() -> new PostgresStartException(whyItCannotRun().orElseThrow()));
    }

    /** One line why PostgreSQL cannot run on this machine as this user; empty when nothing stands in its way. */
    static Optional<String> whyItCannotRun() {
        String os = System.getProperty("os.name");
        String arch = System.getProperty("os.arch");
        Optional<Platform> platform = of(os, arch);
        if (platform.isEmpty()) {
            return Optional.of("there are no binaries for " + os + " on " + arch
                    + ", only for Linux on amd64 and arm64: give the shop a PostgreSQL of your own");
        }
        if (Files.notExists(platform.get().loader)) {
            return Optional.of("its binaries need glibc and " + platform.get().loader
                    + " does not exist (Alpine?): use an image with glibc, such as one of Debian");
        }
        return root() ? whyRootCannot(List.of("unshare", "-U", "true")) : Optional.empty();
    }

    /** Tries {@code probe}, which enters a user namespace and leaves it again. */
    static Optional<String> whyRootCannot(List<String> probe) {
        try {
            Process process =
                    new ProcessBuilder(probe).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes()).strip();
            return process.waitFor() == 0 ? Optional.empty() : Optional.of(denied(said, namespacesAllowed()));
        } catch (IOException e) {
            return Optional.of("it refuses to run as root, and the command `" + probe.getFirst()
                    + "` that helps it is missing: apt-get install util-linux, or run as an ordinary user");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    static String denied(String said, boolean namespacesAllowed) {
        String why = "it refuses to run as root, and user namespaces, which help it, are denied (" + said + "): ";
        return namespacesAllowed
                ? why + "run as an ordinary user, in a container with docker run --user 1000:1000"
                : why + "sysctl -w user.max_user_namespaces=15000, or run as an ordinary user";
    }

    private static boolean namespacesAllowed() {
        try {
            return !Files.readString(NAMESPACES).strip().equals("0");
        } catch (IOException e) {
            return true;
        }
    }

    /** Puts before {@code command} what lets PostgreSQL, which refuses uid 0, run for root: an unmapped user namespace. */
    static List<String> asOrdinaryUser(List<String> command) {
        return root()
                ? Stream.concat(Stream.of("unshare", "-U"), command.stream()).toList()
                : command;
    }

    static boolean root() {
        return uid() == 0;
    }

    /** The user this JVM runs as, by number, or -1 where there is no {@code /proc}. */
    static int uid() {
        try {
            return ownerOf(Path.of("/proc/self"));
        } catch (IOException e) {
            return -1;
        }
    }

    static int ownerOf(Path path) throws IOException {
        return (Integer) Files.getAttribute(path, "unix:uid");
    }
}
