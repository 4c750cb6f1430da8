package dev.souk.postgres;

import dev.souk.postgres.EmbeddedPostgres.Database;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own that opens a folder, commits a row and then waits to be killed. */
final class Owner {

    private Owner() {}

    public static void main(String[] arguments) throws Exception {
        EmbeddedPostgres postgres = EmbeddedPostgres.open(Path.of(arguments[0]), Path.of(arguments[1]));
        try (Connection connection = connect(postgres.provision("orders"));
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS kept (id int)");
            statement.execute("INSERT INTO kept VALUES (1)");
        }
        System.out.println("pid=" + postgres.pid());
        // Ends with the test, if the test dies before it kills.
        while (System.in.read() >= 0) {}
        Runtime.getRuntime().halt(1);
    }

    static Process start(Path folder, Path binaries, String... before) throws IOException {
        List<String> command = new ArrayList<>(List.of(before));
        command.addAll(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                folder.toString(),
                binaries.toString()));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** Waits until the owner has committed, and returns the process id of its server. */
    static long server(Process owner) throws IOException {
        for (String line; (line = owner.inputReader().readLine()) != null; ) {
            if (line.startsWith("pid=")) {
                return Long.parseLong(line.substring(4));
            }
        }
        throw new AssertionError("The owner ended before its server ran");
    }

    static Connection connect(Database database) throws Exception {
        return connect(database, database.name());
    }

    static Connection connect(Database database, String name) throws Exception {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + database.host() + ":" + database.port() + "/" + name
                        + "?sslmode=disable&connectTimeout=5",
                database.user(),
                database.password());
    }
}
