package dev.souk.launcher;

import dev.souk.kit.config.Environment;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.launcher.verify.Verification;
import dev.souk.launcher.verify.Verification.Finding;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "verify",
        description = {
            "Compares all databases of the running shop and the payment provider's ledger: nothing is oversold, charged",
            "twice or lost. Ends 0 only if every check was made, had something to compare and found no difference."
        })
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private Souk souk;

    @Option(
            names = "--wait",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "how long the shop may take to settle; default ${DEFAULT-VALUE}")
    private int patience;

    @Override
    public Integer call() {
        DataDirectory folder = DataDirectory.at(souk.environment().get(LauncherConfig.DATA_DIR));
        Environment environment = ShopProvider.join(ShopDatabase.running(souk.environment()), folder);
        List<Finding> findings = settled(verification(environment));
        findings.forEach(finding -> {
            if (finding.holds()) {
                souk.terminal().line("ok    " + finding);
            } else {
                souk.terminal().problem(finding.toString());
            }
        });
        long wrong = findings.stream().filter(finding -> !finding.holds()).count();
        if (wrong > 0) {
            souk.terminal().problem(wrong + " of " + findings.size() + " checks failed");
            return 1;
        }
        long compared = findings.stream().mapToLong(Finding::compared).sum();
        souk.terminal().good(findings.size() + " checks, " + compared + " things compared, no difference");
        return 0;
    }

    private static Verification verification(Environment environment) {
        Map<String, DatabaseConfig> databases = new HashMap<>();
        ShopDatabase.SERVICES_WITH_DATABASE.forEach(
                service -> databases.put(service, DatabaseConfig.from(environment, service)));
        return new Verification(databases, ShopProvider.url(environment));
    }

    private List<Finding> settled(Verification verification) {
        try {
            return verification.awaitSettled(Duration.ofSeconds(patience));
        } catch (IOException e) {
            throw new LaunchException("could not be verified: " + e.getMessage(), e);
        }
    }
}
