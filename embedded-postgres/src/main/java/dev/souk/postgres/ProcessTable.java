package dev.souk.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Asks the system which processes are PostgreSQL's on a given data folder. A process id alone says nothing: ids are used again. */
final class ProcessTable {

    private static final Path PROC = Path.of("/proc");

    private ProcessTable() {}

    /** Whether this process lives and is the postmaster of this data folder (a real path). */
    static boolean isPostmaster(long pid, Path data) {
        List<String> command = commandLine(pid);
        return command.getFirst().endsWith("/postgres") && worksIn(pid, data, command);
    }

    /** The server processes on this data folder that are not a postmaster: after its death, the orphans it left. */
    static List<Long> backends(Path data) {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                List<String> command = commandLine(pid);
                if (command.getFirst().startsWith("postgres: ") && worksIn(pid, data, command)) {
                    found.add(pid);
                }
            }
        } catch (IOException e) {
            // Without a process table there is nobody to wait for; PostgreSQL's own lock still protects the data.
            return List.of();
        }
        return found;
    }

    /** A server stands in its data folder. Where the system hides that, its command line names the folder. */
    private static boolean worksIn(long pid, Path data, List<String> command) {
        try {
            return Files.readSymbolicLink(PROC.resolve(pid + "/cwd")).equals(data);
        } catch (IOException e) {
            int flag = command.indexOf("-D");
            return flag >= 0
                    && flag + 1 < command.size()
                    && Path.of(command.get(flag + 1)).equals(data);
        }
    }

    private static List<String> commandLine(long pid) {
        try {
            byte[] bytes = Files.readAllBytes(PROC.resolve(pid + "/cmdline"));
            return List.of(new String(bytes, StandardCharsets.UTF_8).split("\0"));
        } catch (IOException e) {
            return List.of("");
        }
    }
}
