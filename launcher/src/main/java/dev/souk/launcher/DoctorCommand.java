package dev.souk.launcher;

import dev.souk.postgres.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        description = "Says what this machine lacks to run the shop, and the one line that mends each.")
final class DoctorCommand implements Callable<Integer> {
    private static final long DISK_NEEDED_MB = 500;

    @ParentCommand
    private Souk souk;

    /** One thing to look at: what it is, and a line that says what is wrong and how to mend it, or nothing. */
    private record Check(String name, Supplier<Optional<String>> look) {}

    @Override
    public Integer call() {
        Path dataDir = souk.environment().get(LauncherConfig.DATA_DIR);
        List<Check> checks = List.of(
                new Check("jdk", DoctorCommand::jdk),
                new Check("data", () -> dataFolder(dataDir)),
                new Check("disk", () -> disk(existing(dataDir))),
                new Check("temp", () -> temp(Path.of(System.getProperty("java.io.tmpdir")))),
                new Check("database", EmbeddedPostgres::whyItCannotRun),
                new Check("port", () -> port(dataDir)));
        long failed = checks.stream().filter(check -> !passes(check)).count();
        if (failed == 0) {
            souk.terminal().good("nothing is missing");
        }
        return failed == 0 ? 0 : 1;
    }

    private boolean passes(Check check) {
        Optional<String> problem = check.look().get();
        souk.terminal().fact(check.name(), problem.orElse("ok"));
        return problem.isEmpty();
    }

    private static Optional<String> jdk() {
        int version = Runtime.version().feature();
        return version >= 25
                ? Optional.empty()
                : Optional.of("Java " + version + " is too old; install a JDK 25 and set JAVA_HOME to it");
    }

    private static Optional<String> dataFolder(Path dataDir) {
        try (DataDirectory folder = DataDirectory.at(dataDir)) {
            boolean isFree = folder.own();
            if (isFree && EmbeddedPostgres.find(folder.database()).isPresent()) {
                // Not a fault: said so that nobody wonders about the process.
                return Optional.empty();
            }
            return Optional.empty();
        } catch (LaunchException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static Optional<String> disk(Path folder) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace() / (1 << 20);
            return free >= DISK_NEEDED_MB
                    ? Optional.empty()
                    : Optional.of("only " + free + " MB are free for " + folder
                            + "; free some, or choose another folder" + " with SOUK_DATA_DIR");
        } catch (IOException e) {
            return Optional.of("cannot tell how much is free for " + folder + ": " + e.getMessage());
        }
    }

    private static Optional<String> temp(Path folder) {
        return Files.isWritable(folder)
                ? Optional.empty()
                : Optional.of(folder + " is not writable; set JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=<a writable folder>");
    }

    private Optional<String> port(Path dataDir) {
        GatewayProbe gateway = GatewayProbe.of(souk.environment());
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(gateway.host(), gateway.port()));
            return Optional.empty();
        } catch (IOException e) {
            return gateway.isThere()
                    ? Optional.empty()
                    : Optional.of("port " + gateway.port() + " is taken by another program; choose another with"
                            + " SOUK_HTTP_PORT");
        }
    }

    private static Path existing(Path folder) {
        Path path = folder.toAbsolutePath();
        while (!Files.exists(path)) {
            path = path.getParent();
        }
        return path;
    }
}
