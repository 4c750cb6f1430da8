package dev.souk.contracts;

/** The answer of an operation that has nothing to tell but that it was done. */
public record Done() {
    public static final Done DONE = new Done();
}
