package dev.souk.launcher;

import dev.souk.kit.node.ServiceDefinition;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "up",
        description = {
            "Starts the shop: an embedded PostgreSQL and all services in one JVM, until Ctrl-C.",
            "With names, starts just those services, joining what runs on the same data folder."
        })
final class UpCommand implements Callable<Integer> {
    @ParentCommand
    private Souk souk;

    @Parameters(
            paramLabel = "SERVICE",
            arity = "0..*",
            description = "user, product, payment, notification, order, registry, api-gateway")
    private List<String> names = List.of();

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = souk.terminal();
        List<ServiceDefinition> services = Services.named(names);
        terminal.title("Souk 0.1.0");
        Shop.start(terminal, souk.environment(), services, names.isEmpty());
        tellWhere(terminal, services);
        // Ctrl-C or SIGTERM ends the process through the shop's own shutdown hook.
        new CountDownLatch(1).await();
        return 0;
    }

    private void tellWhere(Terminal terminal, List<ServiceDefinition> services) {
        Duration sinceStart =
                Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
        if (services.stream().anyMatch(service -> service.name().equals(Services.GATEWAY))) {
            GatewayProbe gateway = GatewayProbe.of(souk.environment());
            terminal.fact("shop", gateway.url().toString());
            terminal.fact("docs", gateway.url() + "/docs");
            terminal.fact("admin", adminLogIn());
        }
        terminal.fact("data", souk.environment().get(LauncherConfig.DATA_DIR).toString());
        terminal.good(String.format(
                Locale.ROOT,
                "ready in %.1f s; Ctrl-C stops it, ./souk demo places an order",
                sinceStart.toMillis() / 1_000.0));
    }

    private String adminLogIn() {
        String configured = System.getenv().getOrDefault("SOUK_ADMIN_EMAIL", "");
        return configured.isEmpty()
                ? "admin@souk.local, with the password shown at the first start"
                : configured + ", with SOUK_ADMIN_PASSWORD";
    }
}
