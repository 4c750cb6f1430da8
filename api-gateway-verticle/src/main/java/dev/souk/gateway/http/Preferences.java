package dev.souk.gateway.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a client would like (RFC 7240). A preference is no condition: what cannot be read or is not known is passed over. */
final class Preferences {
    private Preferences() {}

    /** @param header the value, or the values of several lines with commas between */
    static boolean contain(String header, String preference) {
        // An empty value is none; parameters that are not known do not change what is preferred.
        Pattern wanted = Pattern.compile(
                Pattern.quote(preference) + "\\s*(=\\s*(\"\")?\\s*)?(;.*)?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
        return split(header).stream()
                .anyMatch(element -> wanted.matcher(element.strip()).matches());
    }

    /** At the commas that do not stand between quotes. */
    private static List<String> split(String header) {
        List<String> elements = new ArrayList<>();
        boolean quoted = false;
        int begin = 0;
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == '\\' && quoted) {
                i++;
            } else if (c == ',' && !quoted) {
                elements.add(header.substring(begin, i));
                begin = i + 1;
            }
        }
        elements.add(header.substring(begin));
        return elements;
    }
}
