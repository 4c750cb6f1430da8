package dev.souk.launcher;

import dev.souk.kit.config.Environment;
import dev.souk.kit.db.DatabaseConfig;
import dev.souk.launcher.verify.ParkedEvents;
import dev.souk.launcher.verify.ParkedEvents.Parked;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "events",
        description = {
            "Lists the events that are parked because their receiver refused them again and again.",
            "Ends 0 if there are none, or all of them were sent again."
        })
final class EventsCommand implements Callable<Integer> {
    private static final List<String> SOURCES = List.of("user", "product", "order");

    @ParentCommand
    private Souk souk;

    @Option(names = "--replay", description = "sends them again, with all their attempts")
    private boolean replay;

    @Override
    public Integer call() {
        Environment environment = ShopDatabase.running(souk.environment());
        int parked = 0;
        for (String source : SOURCES) {
            parked += tell(new ParkedEvents(DatabaseConfig.from(environment, source)));
        }
        souk.terminal().line(parked == 0 ? "no event is parked" : parked + " events" + (replay ? " leave again" : ""));
        return parked == 0 || replay ? 0 : 1;
    }

    private int tell(ParkedEvents events) {
        try {
            List<Parked> parked = events.list();
            parked.forEach(one -> souk.terminal().problem(one.toString()));
            return replay ? events.replay() : parked.size();
        } catch (IOException e) {
            throw new LaunchException("the events cannot be read: " + e.getMessage(), e);
        }
    }
}
