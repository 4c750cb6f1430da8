package dev.souk.gateway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A service outside of the shop that is no Java program: {@code external_service.py} in a process of its own. */
final class PythonService implements AutoCloseable {
    private static final Path PROGRAM = Path.of("target", "test-classes", "external_service.py");

    private final String name;
    private final int port;
    private Process process;

    private PythonService(String name, int port, Process process) {
        this.name = name;
        this.port = port;
        this.process = process;
    }

    /** Skips the test on a machine without Python. */
    static void assumePython() {
        boolean there;
        try {
            there = new ProcessBuilder("python3", "--version").start().waitFor() == 0;
        } catch (IOException e) {
            there = false;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
        assumeTrue(there, "python3 is not there: external services in another language are not tested");
    }

    static PythonService start(String name) {
        Process process = run(name, 0);
        return new PythonService(name, port(process), process);
    }

    /** Where it is, below a path of its own. */
    String url() {
        return "http://127.0.0.1:" + port + "/v1";
    }

    /** It itself, past the gateway. */
    HttpShop direct() {
        return HttpShop.ofAnother(port);
    }

    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** The same again, on the same port. */
    void startAgain() {
        process = run(name, port);
        port(process);
    }

    @Override
    public void close() {
        kill();
    }

    private static Process run(String name, int port) {
        try {
            return new ProcessBuilder("python3", PROGRAM.toString(), name, Integer.toString(port))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int port(Process process) {
        BufferedReader output = process.inputReader();
        try {
            return Integer.parseInt(output.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
