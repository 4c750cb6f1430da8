package dev.souk.kit.config;

/** The configuration cannot be used; the message is one line that names the setting, fit for the operator's eyes. */
public final class ConfigurationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationException(String message) {
        super(message);
    }
}
