package dev.souk.certification;

import static org.assertj.core.api.Assertions.assertThat;

import dev.souk.kit.config.Environment;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.launcher.testing.ShopProcess;
import dev.souk.launcher.verify.Verification;
import dev.souk.launcher.verify.Verification.Finding;
import dev.souk.postgres.EmbeddedPostgres;
import dev.souk.postgres.Running;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Asks a running shop whether the invariants hold, in the databases and at the provider. */
final class Verdict {
    private static final List<String> SERVICES = List.of("user", "product", "order", "payment", "notification");

    private Verdict() {}

    /** Fails with every difference, unless all invariants hold within that time. */
    static void assertNothingWrong(Map<String, String> settings, Duration limit) {
        List<Finding> findings = of(settings, limit);

        assertThat(findings.stream().filter(finding -> !finding.holds()).map(Finding::toString))
                .as(findings.stream().map(Finding::toString).collect(Collectors.joining("\n")))
                .isEmpty();
        assertThat(findings).isNotEmpty();
    }

    static List<Finding> of(Map<String, String> settings, Duration limit) {
        Running postgres =
                EmbeddedPostgres.find(ShopProcess.databaseFolder(settings)).orElseThrow();
        Map<String, DatabaseConfig> databases = new HashMap<>();
        for (String service : SERVICES) {
            String url = postgres.database(service).orElseThrow().url();
            Environment environment =
                    Environment.of(Map.of(DatabaseConfig.url(service).name(), url));
            databases.put(service, DatabaseConfig.from(environment, service));
        }
        try {
            return new Verification(databases, sandbox(settings)).awaitSettled(limit);
        } catch (IOException e) {
            throw new AssertionError("the shop cannot be verified", e);
        }
    }

    /** Where the shop's payment sandbox listens. */
    static URI sandbox(Map<String, String> settings) {
        try {
            Path file = Path.of(settings.get("SOUK_DATA_DIR"), "sandbox", "url");
            return URI.create(Files.readString(file).strip());
        } catch (IOException e) {
            throw new AssertionError("the shop has no payment sandbox", e);
        }
    }
}
