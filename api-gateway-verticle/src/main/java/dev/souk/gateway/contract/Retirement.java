package dev.souk.gateway.contract;

import io.vertx.core.MultiMap;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The end of an operation: the day from which it may be gone. It counts as deprecated from a year before.
 *
 * @param sunset a day in UTC
 */
public record Retirement(LocalDate sunset) {
    private static final int NOTICE_YEARS = 1;
    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH);

    /** Says so in an answer (RFC 9745 and RFC 8594). */
    public void tell(MultiMap headers) {
        OffsetDateTime end = sunset.atStartOfDay().atOffset(ZoneOffset.UTC);
        headers.set("Deprecation", "@" + end.minusYears(NOTICE_YEARS).toEpochSecond())
                .set("Sunset", HTTP_DATE.format(end));
    }
}
