package dev.souk.certification;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Half of the machine's processors for those who are measured and the other half for those who measure, so that it costs the
 * one nothing when the other has more to do. Where that cannot be arranged they share all.
 */
final class Processors {
    private static final Path TASKSET = Path.of("/usr/bin/taskset");

    private final String first;
    private final String second;

    private Processors(String first, String second) {
        this.first = first;
        this.second = second;
    }

    /** Moves this process to the second half. */
    static Processors divide() throws IOException {
        int count = Runtime.getRuntime().availableProcessors();
        if (count < 2 || !Files.isExecutable(TASKSET)) {
            System.out.println("the shop and its clients share all processors");
            return new Processors("", "");
        }
        Processors halves = new Processors("0-" + (count / 2 - 1), count / 2 + "-" + (count - 1));
        String own = Long.toString(ProcessHandle.current().pid());
        run(List.of(TASKSET.toString(), "--all-tasks", "--cpu-list", "--pid", halves.second, own));
        System.out.println("the shop has the processors " + halves.first + ", its clients " + halves.second);
        return halves;
    }

    /** What a command on the first half begins with. */
    List<String> prefix() {
        return first.isEmpty() ? List.of() : List.of(TASKSET.toString(), "--cpu-list", first);
    }

    private static void run(List<String> command) throws IOException {
        try {
            if (new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() != 0) {
                throw new IOException(command + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
