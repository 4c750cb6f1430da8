package dev.souk.launcher;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "sandbox",
        description = {
            "Runs the payment sandbox in a process of its own, until Ctrl-C.",
            "A shop on the same data folder that is started later uses it."
        })
final class SandboxCommand implements Callable<Integer> {
    @ParentCommand
    private Souk souk;

    @Override
    public Integer call() throws InterruptedException {
        DataDirectory folder = DataDirectory.at(souk.environment().get(LauncherConfig.DATA_DIR));
        ShopProvider provider = ShopProvider.open(souk.environment(), folder);
        if (!provider.isOurs()) {
            throw new LaunchException(
                    "the data folder " + folder.path() + " has a payment sandbox already: " + provider.summary());
        }
        Runtime.getRuntime().addShutdownHook(new Thread(provider::close, "stop"));
        souk.terminal().good(provider.summary() + "; Ctrl-C stops it");
        new CountDownLatch(1).await();
        return 0;
    }
}
