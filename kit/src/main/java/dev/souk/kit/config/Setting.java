package dev.souk.kit.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * One thing that can be configured, by an environment variable of its name.
 *
 * @param name the variable's name, {@code SOUK_HTTP_PORT}
 * @param fallback what holds when it is not set; the empty string means that it is unset
 * @param about what it is for, in a few words
 * @param secret whether its value must never be shown
 * @param parse turns the text into the value; throws {@link IllegalArgumentException} saying what it must be
 */
public record Setting<T>(String name, String fallback, String about, boolean secret, Function<String, T> parse) {

    public Setting {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(fallback, "fallback");
        Objects.requireNonNull(about, "about");
        Objects.requireNonNull(parse, "parse");
    }

    public static Setting<String> text(String name, String fallback, String about) {
        return new Setting<>(name, fallback, about, false, Function.identity());
    }

    /** A text that is never shown. */
    public static Setting<String> secret(String name, String about) {
        return new Setting<>(name, "", about, true, Function.identity());
    }

    /** A whole number between two bounds, both included. */
    public static Setting<Integer> integer(String name, int fallback, int least, int most, String about) {
        return new Setting<>(name, Integer.toString(fallback), about, false, text -> {
            try {
                int value = Integer.parseInt(text);
                if (value >= least && value <= most) {
                    return value;
                }
            } catch (NumberFormatException e) {
                // told below, with the bounds
            }
            throw new IllegalArgumentException("must be a whole number from " + least + " to " + most);
        });
    }

    /** {@code true} or {@code false}; {@code on} and {@code off} mean the same. */
    public static Setting<Boolean> flag(String name, boolean fallback, String about) {
        return new Setting<>(
                name, Boolean.toString(fallback), about, false, text -> switch (text.toLowerCase(Locale.ROOT)) {
                    case "true", "on" -> true;
                    case "false", "off" -> false;
                    default -> throw new IllegalArgumentException("must be true or false");
                });
    }

    /** A time such as {@code 500ms}, {@code 5s}, {@code 10m}, {@code 2h}, {@code 30d}. */
    public static Setting<Duration> duration(String name, String fallback, String about) {
        return new Setting<>(name, fallback, about, false, Setting::parseDuration);
    }

    /** The same; empty for {@code 0}, which means never. */
    public static Setting<Optional<Duration>> durationOrNever(String name, String fallback, String about) {
        return new Setting<>(
                name,
                fallback,
                about,
                false,
                text -> text.equals("0") ? Optional.empty() : Optional.of(parseDuration(text)));
    }

    public static Setting<Path> path(String name, String fallback, String about) {
        return new Setting<>(name, fallback, about, false, Path::of);
    }

    /** Values separated by commas; empty for none. */
    public static Setting<List<String>> list(String name, String fallback, String about) {
        return new Setting<>(
                name,
                fallback,
                about,
                false,
                text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList());
    }

    /** A database's address with its password; never shown. Empty for none. */
    public static Setting<URI> databaseUrl(String name, String about) {
        return new Setting<>(name, "", about, true, text -> {
            try {
                URI url = URI.create(text);
                if ("postgresql".equals(url.getScheme())
                        && url.getHost() != null
                        && url.getPath().length() > 1) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // told below, without the text, which holds a password
            }
            throw new IllegalArgumentException("must be postgresql://user:password@host:port/database");
        });
    }

    private static Duration parseDuration(String text) {
        try {
            Duration duration = text.endsWith("ms")
                    ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
                    : Duration.parse((text.endsWith("d") ? "P" : "PT") + text.toUpperCase(Locale.ROOT));
            if (!duration.isNegative() && !duration.isZero()) {
                return duration;
            }
        } catch (DateTimeParseException | NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("must be a time such as 500ms, 5s or 10m");
    }
}
