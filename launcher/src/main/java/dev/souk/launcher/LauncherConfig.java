package dev.souk.launcher;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import dev.souk.kit.crash.CrashPoint;
import dev.souk.kit.node.NodeConfig;
import dev.souk.kit.node.ServiceDefinition;
import dev.souk.sandbox.SandboxConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What this process is told by its environment, and where the launcher adds what follows from it. */
final class LauncherConfig {
    static final Setting<Path> DATA_DIR =
            Setting.path("SOUK_DATA_DIR", "", "where the embedded database, its secrets and the logs are kept");
    static final Setting<LogTarget> LOG = new Setting<>(
            "SOUK_LOG",
            "file",
            "file (below the data folder), console, or json on the console",
            false,
            LogTarget::named);
    static final Setting<String> LOG_LEVEL =
            new Setting<>("SOUK_LOG_LEVEL", "INFO", "ERROR, WARN, INFO, DEBUG or TRACE", false, LauncherConfig::level);

    private static final Setting<String> CRASH_POINTS =
            Setting.text(CrashPoint.VARIABLE, "", "for tests alone: the folder that says where this process is to die");

    private static final List<Setting<?>> SETTINGS = List.of(DATA_DIR, LOG, LOG_LEVEL, CRASH_POINTS);

    private LauncherConfig() {}

    /** Where log lines go. */
    enum LogTarget {
        FILE,
        CONSOLE,
        JSON;

        static LogTarget named(String text) {
            return Stream.of(values())
                    .filter(target -> target.name().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("must be file, console or json"));
        }
    }

    /** Every setting of the house, in the order in which it is shown. */
    static List<Setting<?>> allSettings() {
        Stream<Setting<?>> services =
                Services.ALL.stream().map(ServiceDefinition::settings).flatMap(List::stream);
        return Stream.of(SETTINGS.stream(), NodeConfig.SETTINGS.stream(), SandboxConfig.SETTINGS.stream(), services)
                .flatMap(settings -> settings)
                .distinct()
                .toList();
    }

    /**
     * The process's environment with what the launcher knows better than a default.
     *
     * @param home the folder of the checkout or installation
     */
    static Environment read(Map<String, String> variables, Path home) {
        Environment given = Environment.of(variables)
                .withFallbacks(
                        Map.of(
                                DATA_DIR.name(), home.resolve(".souk").toString(),
                                NodeConfig.CLUSTER_FILE.name(),
                                        home.resolve("cluster.xml").toString()),
                        "default")
                .withFallbacks(Map.of("SOUK_DEMO_DATA", "true"), "./souk");
        return given.withFallbacks(
                Map.of(NodeConfig.CLUSTER_NAME.name(), clusterName(given.get(DATA_DIR))), "data folder");
    }

    /** @throws ConfigurationException if a variable of ours is set that nobody reads */
    static void refuseUnknown(Environment environment) {
        List<String> known = allSettings().stream().map(Setting::name).toList();
        environment.setNames("SOUK_").stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new ConfigurationException(name + ": there is no such setting; ./souk config lists them");
                });
    }

    /** The same for the same folder, another for any other, so that shops side by side never meet. */
    private static String clusterName(Path dataDir) {
        try {
            Path real = Files.exists(dataDir)
                    ? dataDir.toRealPath()
                    : dataDir.toAbsolutePath().normalize();
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(real.toString().getBytes(StandardCharsets.UTF_8));
            return "souk-" + HexFormat.of().formatHex(digest, 0, 6);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    private static String level(String text) {
        if (List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE").contains(text)) {
            return text;
        }
        throw new IllegalArgumentException("must be ERROR, WARN, INFO, DEBUG or TRACE");
    }
}
