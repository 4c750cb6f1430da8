package dev.souk.launcher;

import dev.souk.postgres.EmbeddedPostgres;
import dev.souk.postgres.Running;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "doctor",
        description = "Says what this machine lacks to run the shop, and the one line that mends each.")
final class DoctorCommand implements Callable<Integer> {
    private static final long DISK_NEEDED_MB = 500;

    @ParentCommand
    private Souk souk;

    /** What was found: fine, or in the way with the one line that mends it. */
    private record Finding(boolean isFine, String words) {
        static Finding fine() {
            return new Finding(true, "ok");
        }

        static Finding fine(String words) {
            return new Finding(true, "ok, " + words);
        }

        static Finding inTheWay(String words) {
            return new Finding(false, words);
        }
    }

    @Override
    public Integer call() {
        Path dataDir = souk.environment().get(LauncherConfig.DATA_DIR);
        Map<String, Finding> findings = new LinkedHashMap<>();
        findings.put("jdk", jdk());
        findings.put("data", dataFolder(dataDir));
        findings.put("disk", disk(existing(dataDir)));
        findings.put("temp", temp(Path.of(System.getProperty("java.io.tmpdir"))));
        findings.put("database", database());
        findings.put("port", port());
        findings.forEach((name, finding) -> souk.terminal().fact(name, finding.words()));
        boolean isHealthy = findings.values().stream().allMatch(Finding::isFine);
        if (isHealthy) {
            souk.terminal().good("nothing is missing");
        }
        return isHealthy ? 0 : 1;
    }

    private static Finding jdk() {
        int version = Runtime.version().feature();
        return version >= 25
                ? Finding.fine("Java " + version)
                : Finding.inTheWay("Java " + version + " is too old; install a JDK 25 and set JAVA_HOME to it");
    }

    /** A folder whose owner was killed is no fault, but nobody should have to wonder about the server that it left. */
    private static Finding dataFolder(Path dataDir) {
        if (!Files.exists(dataDir)) {
            return Files.isWritable(existing(dataDir))
                    ? Finding.fine(dataDir + " will be made")
                    : Finding.inTheWay(dataDir + " cannot be made; choose another with SOUK_DATA_DIR");
        }
        try (DataDirectory folder = DataDirectory.at(dataDir)) {
            Optional<Long> server = EmbeddedPostgres.find(folder.database()).map(Running::pid);
            if (!folder.own()) {
                return Finding.fine("a shop runs on " + dataDir);
            }
            return server.map(pid -> Finding.fine("a killed shop left PostgreSQL (process " + pid
                            + ") running on it, which the next ./souk up adopts"))
                    .orElse(Finding.fine(dataDir.toString()));
        } catch (LaunchException e) {
            return Finding.inTheWay(e.getMessage());
        }
    }

    private static Finding disk(Path folder) {
        try {
            long free = Files.getFileStore(folder).getUsableSpace() / (1 << 20);
            return free >= DISK_NEEDED_MB
                    ? Finding.fine(free + " MB free")
                    : Finding.inTheWay("only " + free + " MB are free for " + folder
                            + "; free some, or choose another folder with SOUK_DATA_DIR");
        } catch (IOException e) {
            return Finding.inTheWay("cannot tell how much is free for " + folder + ": " + e.getMessage()
                    + "; choose another folder with SOUK_DATA_DIR");
        }
    }

    private static Finding temp(Path folder) {
        return Files.isWritable(folder)
                ? Finding.fine()
                : Finding.inTheWay(
                        folder + " is not writable; set SOUK_JVM_FLAGS=-Djava.io.tmpdir=<a writable folder>");
    }

    private static Finding database() {
        return EmbeddedPostgres.whyItCannotRun().map(Finding::inTheWay).orElse(Finding.fine());
    }

    private Finding port() {
        GatewayProbe gateway = GatewayProbe.of(souk.environment());
        if (gateway.isPortFree()) {
            return Finding.fine(gateway.port() + " is free");
        }
        return gateway.isThere()
                ? Finding.fine("a shop answers on " + gateway.port())
                : Finding.inTheWay(
                        "port " + gateway.port() + " is taken by another program; choose another with SOUK_HTTP_PORT");
    }

    private static Path existing(Path folder) {
        Path path = folder.toAbsolutePath();
        while (!Files.exists(path)) {
            path = path.getParent();
        }
        return path;
    }
}
