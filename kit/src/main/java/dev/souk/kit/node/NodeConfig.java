package dev.souk.kit.node;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One JVM of the shop.
 *
 * @param name its name in logs, discovery and the orders' history
 * @param managementHost where health and metrics listen; never a public address
 * @param managementPort the first port tried; further JVMs on the machine count up from it
 * @param cluster how it finds the others; empty for a node that runs alone
 */
public record NodeConfig(String name, String managementHost, int managementPort, Optional<ClusterConfig> cluster) {

    /**
     * @param file the Hazelcast configuration
     * @param name only nodes of the same name find each other
     * @param host the address to listen on, for Hazelcast and the event bus
     * @param members where others may be found
     */
    public record ClusterConfig(Path file, String name, String host, List<String> members) {
        public ClusterConfig {
            members = List.copyOf(members);
            if (!file.toFile().canRead()) {
                throw new ConfigurationException("SOUK_CLUSTER_FILE: cannot read " + file);
            }
        }
    }

    public static final Setting<String> NAME = Setting.text("SOUK_NODE", "", "name of this JVM; default node-<pid>");
    public static final Setting<String> MANAGEMENT_HOST =
            Setting.text("SOUK_MANAGEMENT_HOST", "127.0.0.1", "where /health, /ready and /metrics of a JVM listen");
    public static final Setting<Integer> MANAGEMENT_PORT = Setting.integer(
            "SOUK_MANAGEMENT_PORT", 9090, 1024, 65_000, "its first port; further JVMs count up from it");
    public static final Setting<Boolean> CLUSTERED =
            Setting.flag("SOUK_CLUSTERED", true, "whether other JVMs may join this one");
    public static final Setting<Path> CLUSTER_FILE =
            Setting.path("SOUK_CLUSTER_FILE", "cluster.xml", "the Hazelcast configuration");
    public static final Setting<String> CLUSTER_NAME = Setting.text(
            "SOUK_CLUSTER_NAME", "", "only nodes of the same name find each other; default from the data folder");
    public static final Setting<String> CLUSTER_HOST =
            Setting.text("SOUK_CLUSTER_HOST", "127.0.0.1", "address of this machine inside the cluster");
    public static final Setting<List<String>> CLUSTER_MEMBERS =
            Setting.list("SOUK_CLUSTER_MEMBERS", "127.0.0.1", "hosts where other nodes may run");

    public static final List<Setting<?>> SETTINGS = List.of(
            NAME,
            MANAGEMENT_HOST,
            MANAGEMENT_PORT,
            CLUSTERED,
            CLUSTER_FILE,
            CLUSTER_NAME,
            CLUSTER_HOST,
            CLUSTER_MEMBERS);

    /** @throws ConfigurationException naming the setting that is wrong */
    public static NodeConfig from(Environment environment) {
        Optional<ClusterConfig> cluster = environment.get(CLUSTERED)
                ? Optional.of(new ClusterConfig(
                        environment.get(CLUSTER_FILE),
                        environment.get(CLUSTER_NAME),
                        environment.get(CLUSTER_HOST),
                        environment.get(CLUSTER_MEMBERS)))
                : Optional.empty();
        return new NodeConfig(
                environment.find(NAME).orElse("node-" + ProcessHandle.current().pid()),
                environment.get(MANAGEMENT_HOST),
                environment.get(MANAGEMENT_PORT),
                cluster);
    }
}
