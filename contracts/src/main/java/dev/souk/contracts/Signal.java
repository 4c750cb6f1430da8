package dev.souk.contracts;

/**
 * A hint to whoever listens on any node that something may be worth a look. It can be lost or doubled: nothing may depend
 * on it but speed.
 *
 * @param name {@code service.subject}
 */
public record Signal<T>(String name, Class<T> type) {}
