package dev.souk.launcher;

import dev.souk.kit.config.ConfigurationException;
import dev.souk.kit.config.Environment;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code souk} command, as far as it is not a matter of building and testing. */
@Command(
        name = "souk",
        version = "0.1.0",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "An order-taking backend that never oversells, never charges twice and never loses an order.",
        footer = {
            "",
            "Three more are done by the script itself:",
            "  build   Builds what is not built.",
            "  test    Builds and runs every test; --all adds the long ones.",
            "  bench   Measures: stock (reservations a second), events (from commit to applied),",
            "          edge (what the gateway costs), overload (what becomes of twice too much)."
        },
        subcommands = {
            UpCommand.class,
            DemoCommand.class,
            VerifyCommand.class,
            EventsCommand.class,
            SandboxCommand.class,
            DoctorCommand.class,
            ConfigCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Souk {
    private final Terminal terminal;
    private final Environment environment;

    private Souk(Terminal terminal, Environment environment) {
        this.terminal = terminal;
        this.environment = environment;
    }

    public static void main(String[] arguments) {
        Terminal terminal = Terminal.ofProcess(System.getenv());
        int status;
        try {
            Path home = Path.of(System.getProperty("souk.home", "."));
            Environment environment = LauncherConfig.read(System.getenv(), home);
            LauncherConfig.refuseUnknown(environment);
            Logging.configure(environment);
            status = new CommandLine(new Souk(terminal, environment))
                    .setExecutionExceptionHandler((failure, command, parsed) -> report(failure, terminal))
                    .setParameterExceptionHandler(Souk::usage)
                    .execute(arguments.length == 0 ? new String[] {"help"} : arguments);
        } catch (ConfigurationException | LaunchException e) {
            status = report(e, terminal);
        }
        System.exit(status);
    }

    Terminal terminal() {
        return terminal;
    }

    Environment environment() {
        return environment;
    }

    private static int report(Exception failure, Terminal terminal) {
        String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        terminal.problem(message.lines().findFirst().orElse(failure.toString()));
        return 1;
    }

    private static int usage(CommandLine.ParameterException failure, String[] arguments) {
        failure.getCommandLine()
                .getErr()
                .println("souk: " + failure.getMessage() + "; ./souk help lists what there is");
        return 2;
    }
}
