package dev.souk.launcher;

import java.io.PrintStream;
import java.util.Map;

/** What the operator sees: short lines, coloured on a terminal unless {@code NO_COLOR} is set, plain elsewhere. */
final class Terminal {
    private static final String RESET = "\u001b[0m";
    private static final String BOLD = "\u001b[1m";
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String DIM = "\u001b[2m";

    private final PrintStream out;
    private final PrintStream err;
    private final boolean coloured;

    Terminal(PrintStream out, PrintStream err, boolean coloured) {
        this.out = out;
        this.err = err;
        this.coloured = coloured;
    }

    /** The terminal of this process. */
    static Terminal ofProcess(Map<String, String> variables) {
        boolean isTerminal = System.console() != null && System.console().isTerminal();
        boolean isDumb = "dumb".equals(variables.get("TERM"));
        boolean refused = !variables.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(System.out, System.err, isTerminal && !isDumb && !refused);
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    void title(String text) {
        line(painted(BOLD, text));
    }

    /** One step that is done, or one fact: a name and what is to be said of it. */
    void fact(String name, String text) {
        line("  " + painted(DIM, String.format("%-10s", name)) + " " + text);
    }

    void good(String text) {
        line(painted(GREEN, text));
    }

    /** A single line that says what is wrong; goes to standard error. */
    void problem(String text) {
        err.println(coloured ? RED + "souk: " + RESET + text : "souk: " + text);
        err.flush();
    }

    private String painted(String colour, String text) {
        return coloured ? colour + text + RESET : text;
    }
}
