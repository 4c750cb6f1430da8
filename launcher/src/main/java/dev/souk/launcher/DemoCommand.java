package dev.souk.launcher;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "demo",
        description = {
            "Walks through register, log in, order and read, each request printed as curl.",
            "Against the shop that runs, or one that it starts and stops again. Ends 0 only if the order is CONFIRMED."
        })
final class DemoCommand implements Callable<Integer> {
    @ParentCommand
    private Souk souk;

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "the shop to walk through; default the one on this machine")
    private URI url;

    @Override
    public Integer call() {
        GatewayProbe gateway = GatewayProbe.of(souk.environment());
        if (url != null) {
            return walk(url, GatewayProbe.clients().build());
        }
        if (gateway.isThere()) {
            return walk(gateway.url(), gateway.client());
        }
        souk.terminal().line("no shop runs on " + gateway.url() + ": starting one");
        try (Shop _ = Shop.start(souk.terminal(), souk.environment(), Services.ALL, true)) {
            return walk(gateway.url(), gateway.client());
        }
    }

    private int walk(URI shop, HttpClient client) {
        return new Demo(shop, client, souk.terminal()).walk() ? 0 : 1;
    }
}
