package dev.souk.launcher;

import dev.souk.kit.config.Environment;
import java.util.Locale;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Chooses one of the three Logback configurations before the first line is logged. */
final class Logging {
    private Logging() {}

    static void configure(Environment environment) {
        LauncherConfig.LogTarget target = environment.get(LauncherConfig.LOG);
        System.setProperty(
                "logback.configurationFile", "logback-" + target.name().toLowerCase(Locale.ROOT) + ".xml");
        System.setProperty("souk.log.level", environment.get(LauncherConfig.LOG_LEVEL));
        System.setProperty(
                "souk.log.file",
                environment
                        .get(LauncherConfig.DATA_DIR)
                        .resolve("log")
                        .resolve("souk-" + ProcessHandle.current().pid() + ".log")
                        .toString());
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }
}
