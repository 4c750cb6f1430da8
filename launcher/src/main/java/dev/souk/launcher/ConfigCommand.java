package dev.souk.launcher;

import dev.souk.kit.config.Environment;
import dev.souk.kit.config.Setting;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "config", description = "Prints every setting, its value and where it comes from; secrets masked.")
final class ConfigCommand implements Callable<Integer> {
    @ParentCommand
    private Souk souk;

    @Override
    public Integer call() {
        Environment environment = souk.environment();
        List<Setting<?>> settings = LauncherConfig.allSettings();
        int nameWidth = width(settings.stream().map(Setting::name).toList());
        int valueWidth = width(settings.stream().map(environment::shown).toList());
        String row = "%-" + nameWidth + "s  %-" + valueWidth + "s  %-12s  %s";
        souk.terminal().title(String.format(row, "SETTING", "VALUE", "FROM", "WHAT FOR"));
        settings.forEach(setting -> {
            environment.find(setting);
            souk.terminal()
                    .line(String.format(
                            row,
                            setting.name(),
                            environment.shown(setting),
                            environment.source(setting),
                            setting.about()));
        });
        return 0;
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(1);
    }
}
