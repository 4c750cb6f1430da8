package dev.souk.kit.node;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.XmlConfigBuilder;
import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.node.NodeConfig.ClusterConfig;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.FileNotFoundException;
import java.util.Properties;
import java.util.function.Consumer;

/**
 * The Hazelcast cluster under the event bus. Its configuration is loaded by path and a broken one stops the start:
 * Hazelcast's own fallback would be to join whatever it finds on the network.
 */
final class Cluster {
    private final HazelcastClusterManager manager;

    private Cluster(HazelcastClusterManager manager) {
        this.manager = manager;
    }

    /** @throws ConfigurationException if the file is missing or broken */
    static Cluster configured(ClusterConfig config) {
        Properties values = new Properties();
        values.setProperty("souk.cluster.name", config.name());
        values.setProperty("souk.cluster.host", config.host());
        values.setProperty("souk.cluster.members", String.join(",", config.members()));
        try {
            Config hazelcast = new XmlConfigBuilder(config.file().toString())
                    .setProperties(values)
                    .build();
            return new Cluster(new HazelcastClusterManager(hazelcast));
        } catch (FileNotFoundException | InvalidConfigurationException e) {
            String reason = e.getMessage().lines().findFirst().orElse("unknown");
            throw new ConfigurationException("SOUK_CLUSTER_FILE: " + config.file() + " cannot be used: " + reason);
        }
    }

    ClusterManager manager() {
        return manager;
    }

    /** This node's id, once it has joined. */
    String member() {
        return manager.getNodeId();
    }

    /** Tells the ids of members that leave, however they went. Called on a thread of Hazelcast. */
    void onMemberLeft(Consumer<String> listener) {
        manager.getHazelcastInstance().getCluster().addMembershipListener(new MembershipListener() {
            @Override
            public void memberAdded(MembershipEvent joined) {
                // Its services announce themselves.
            }

            @Override
            public void memberRemoved(MembershipEvent left) {
                listener.accept(left.getMember().getUuid().toString());
            }
        });
    }
}
