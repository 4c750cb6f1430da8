package dev.souk.sandbox;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Where the sandbox listens and where its ledger lies.
 *
 * @param port 0 for any that is free
 * @param folder made if it is missing; the ledger is its {@code ledger.jsonl}
 */
public record SandboxConfig(String host, int port, Path folder) {
    private static final int MAX_PORT = 65_535;

    static final Setting<String> HOST =
            Setting.text("SOUK_SANDBOX_HOST", "127.0.0.1", "where the payment sandbox listens");
    static final Setting<Integer> PORT =
            Setting.integer("SOUK_SANDBOX_PORT", 8090, 0, MAX_PORT, "its port; 0 for any that is free");

    public static final List<Setting<?>> SETTINGS = List.of(HOST, PORT);

    public SandboxConfig {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(folder, "folder");
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("port must be from 0 to " + MAX_PORT);
        }
    }

    /**
     * @param dataDir the shop's folder; the sandbox keeps its ledger in {@code sandbox} there
     * @throws ConfigurationException naming the setting that is wrong
     */
    public static SandboxConfig from(Environment environment, Path dataDir) {
        return new SandboxConfig(environment.get(HOST), environment.get(PORT), dataDir.resolve("sandbox"));
    }
}
